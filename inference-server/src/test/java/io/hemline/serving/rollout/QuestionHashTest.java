package io.hemline.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import java.time.LocalDate;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuestionHashTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 16);
    private static final double WIDELEG = 0.4143254986248154;

    @Test
    void isTheSameInEveryProcess() {
        assertThat(QuestionHash.unit(List.of(new TrendQuestion("wideleg", "vn"))))
                .isEqualTo(QuestionHash.unit(List.of(new TrendQuestion("wideleg", "vn"))))
                .isEqualTo(WIDELEG);
        assertThat(QuestionHash.unit(List.of(series(1, -0.0)))).isEqualTo(QuestionHash.unit(List.of(series(1, 0.0))));
    }

    @Test
    void spreadsTrendsAndSeriesEvenly() {
        for (double share : new double[] {0.1, 0.5}) {
            assertThat(taken(share, i -> new TrendQuestion("trend" + i, "vn"))).isBetween(share - 0.02, share + 0.02);
            assertThat(taken(share, i -> series(i, i / 7.0))).isBetween(share - 0.02, share + 0.02);
        }
    }

    @Test
    void tellsQuestionsApartByAllThatIsAsked() {
        assertThat(QuestionHash.unit(List.of(new TrendQuestion("wideleg", "vn"))))
                .isNotEqualTo(QuestionHash.unit(List.of(new TrendQuestion("wideleg", "us"))))
                .isNotEqualTo(QuestionHash.unit(List.of(new TrendQuestion("wideleg", null))))
                .isNotEqualTo(QuestionHash.unit(
                        List.of(new TrendQuestion("wideleg", "vn"), new TrendQuestion("wideleg", "vn"))));
    }

    private static double taken(double share, IntFunction<Question> question) {
        int asked = 10_000;
        long taken = IntStream.range(0, asked)
                .filter(i -> QuestionHash.unit(List.of(question.apply(i))) < share)
                .count();
        return (double) taken / asked;
    }

    private static Question series(double... volume) {
        return new SeriesQuestion(Series.of(MONDAY, volume), Attributes.UNKNOWN, null);
    }
}
