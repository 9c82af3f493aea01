package io.hemline.serving.forecasts;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Question;
import io.hemline.serving.core.SeriesQuestion;
import io.hemline.serving.core.TrendQuestion;
import io.hemline.serving.http.ItemPositions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks, read and found right.
 *
 * <p>Immutable.
 *
 * @param questions one for each item
 * @param ids how the caller names them
 * @param places where they stood
 * @param history whether the observed weeks are wished as well
 */
public record ParsedRequest(List<Question> questions, List<String> ids, ItemPositions places, boolean history) {

    public ParsedRequest {
        questions = List.copyOf(questions);
        ids = List.copyOf(ids);
        requireNonNull(places, "places");
    }

    /** The one name of the question in that form, {@code null} when an own series takes part. */
    @Nullable String name(AnswerForm form) {
        StringBuilder name = new StringBuilder(64).append(form.name()).append(history ? "+" : "");
        for (int i = 0; i < questions.size(); i++) {
            if (!(questions.get(i) instanceof TrendQuestion trend)) {
                return null;
            }
            append(name, trend.hashtag());
            append(name, trend.market());
            append(name, ids.get(i));
        }
        return name.toString();
    }

    /** With its length in front, so that no two lists of texts look the same. */
    private static void append(StringBuilder name, @Nullable String text) {
        name.append(' ');
        if (text != null) {
            name.append(text.length()).append(':').append(text);
        }
    }

    /** What the series in it take of the heap. */
    int seriesBytes() {
        int bytes = 0;
        for (Question question : questions) {
            if (question instanceof SeriesQuestion own) {
                bytes += 4 * Double.BYTES * own.series().weeks();
                bytes += own.image() == null ? 0 : own.image().bytes().length;
            }
        }
        return bytes;
    }
}
