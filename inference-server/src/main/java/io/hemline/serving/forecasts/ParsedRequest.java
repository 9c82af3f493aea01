package io.hemline.serving.forecasts;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.http.Problem.ItemPositions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that was read and found valid.
 *
 * <p>Immutable.
 *
 * @param questions one for each item
 * @param ids the client's names of them
 * @param places their places in the request
 * @param history whether the response includes the observed weeks
 */
public record ParsedRequest(List<Question> questions, List<String> ids, ItemPositions places, boolean history) {

    public ParsedRequest {
        questions = List.copyOf(questions);
        ids = List.copyOf(ids);
        requireNonNull(places, "places");
    }

    /** The cache key that all spellings of it share; {@code null} when it includes a series of the client's own. */
    @Nullable String key(AnswerForm form) {
        StringBuilder key = new StringBuilder(64).append(form.name()).append(history ? "+" : "");
        for (int i = 0; i < questions.size(); i++) {
            if (!(questions.get(i) instanceof TrendQuestion trend)) {
                return null;
            }
            append(key, trend.hashtag());
            append(key, trend.market());
            append(key, ids.get(i));
        }
        return key.toString();
    }

    /** Prefixed with its length, so that different lists of texts have different keys. */
    private static void append(StringBuilder key, @Nullable String text) {
        key.append(' ');
        if (text != null) {
            key.append(text.length()).append(':').append(text);
        }
    }

    /** Estimated size of its series on the heap. */
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
