package io.hemline.serving.cache;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fills the cache of a version that is not live yet with its predecessor's most requested trends, to keep the hit rate.
 * It computes a few questions at a time, in sequence, so that the live version keeps nearly all of the CPU.
 *
 * <p>Immutable; {@link #run} blocks its caller.
 */
public final class Prefill {

    private static final int CHUNK = 4;

    private final CachedForecaster forecasts;
    private final VersionCache cache;
    private final int max;
    private final Counter prefilled;

    Prefill(CachedForecaster forecasts, VersionCache cache, int max, MeterRegistry meters) {
        this.forecasts = forecasts;
        this.cache = cache;
        this.max = max;
        this.prefilled = Counter.builder("forecast.cache.prefilled")
                .description("Trends that a new version answered before it went live")
                .register(meters);
    }

    /**
     * Answers single trends first and then the whole responses that they make up, until a {@link System#nanoTime}.
     *
     * @return how many trends were answered
     */
    public int run(AnswerCache before, long deadlineNanos) {
        if (max == 0 || !(before instanceof VersionCache old)) {
            return 0;
        }
        int answered = fill(old, deadlineNanos);
        prefilled.increment(answered);
        return answered;
    }

    private int fill(VersionCache old, long deadlineNanos) {
        long generation = cache.generation();
        Map<String, CachedResponse> responses = old.responses().hottest(max);
        Set<TrendQuestion> trends = new LinkedHashSet<>();
        responses
                .values()
                .forEach(response -> response.questions().forEach(question -> trends.add((TrendQuestion) question)));
        trends.addAll(old.forecasts().hottest(max));
        List<Question> hottest =
                trends.stream().limit(max).<Question>map(trend -> trend).toList();
        int answered = 0;
        for (int first = 0; first < hottest.size(); first += CHUNK) {
            List<Question> chunk = hottest.subList(first, Math.min(hottest.size(), first + CHUNK));
            answered += compute(chunk, deadlineNanos) == null ? 0 : chunk.size();
            if (System.nanoTime() - deadlineNanos >= 0 || Thread.currentThread().isInterrupted()) {
                return answered;
            }
        }
        Set<Question> known = Set.copyOf(new ArrayList<>(hottest));
        responses.forEach((key, response) -> {
            Answer answer =
                    known.containsAll(response.questions()) ? compute(response.questions(), deadlineNanos) : null;
            if (answer != null) {
                cache.put(key, response.rewrite(answer), generation);
            }
        });
        return answered;
    }

    /** The answer, or {@code null} after a failure: the next request for the question computes it. */
    private @Nullable Answer compute(List<Question> questions, long deadlineNanos) {
        try {
            return forecasts
                    .forecastUncounted(new Request(questions, deadlineNanos))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
