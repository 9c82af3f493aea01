package io.hemline.serving.cache;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.CachedResponse;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.TrendQuestion;
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
 * Answers in advance what the version before was asked most, so that a swap costs no hits. A few questions at a time and
 * never two pieces at once: the live version keeps nearly all of the processors.
 *
 * <p>Confined to one thread, which waits.
 */
final class Prefill {

    private static final int PIECE = 4;

    private final CachedForecaster forecasts;
    private final AnswerCache memory;
    private final int max;

    Prefill(CachedForecaster forecasts, AnswerCache memory, int max) {
        this.forecasts = forecasts;
        this.memory = memory;
        this.max = max;
    }

    /** Answers single trends first and then the whole answers that they make up; returns how many trends. */
    int from(CachedForecaster oldForecasts, ResponseCache oldAnswers, long deadlineNanos) {
        long generation = memory.generation();
        Map<String, CachedResponse> hot = oldAnswers.hottest(max);
        Set<TrendQuestion> trends = new LinkedHashSet<>();
        hot.values().forEach(answer -> answer.questions().forEach(question -> trends.add((TrendQuestion) question)));
        trends.addAll(oldForecasts.hottest(max));
        List<Question> hottest =
                trends.stream().limit(max).<Question>map(trend -> trend).toList();
        int answered = 0;
        for (int first = 0; first < hottest.size(); first += PIECE) {
            List<Question> piece = hottest.subList(first, Math.min(hottest.size(), first + PIECE));
            answered += ask(piece, deadlineNanos) == null ? 0 : piece.size();
            if (System.nanoTime() - deadlineNanos >= 0 || Thread.currentThread().isInterrupted()) {
                return answered;
            }
        }
        Set<Question> known = Set.copyOf(new ArrayList<>(hottest));
        hot.forEach((name, before) -> {
            Answer answer = known.containsAll(before.questions()) ? ask(before.questions(), deadlineNanos) : null;
            if (answer != null) {
                memory.keep(name, before.anew(answer), generation);
            }
        });
        return answered;
    }

    /** The answer, or nothing: what fails now is asked again by whoever wants it. */
    private @Nullable Answer ask(List<Question> questions, long deadlineNanos) {
        try {
            return forecasts
                    .inAdvance(new Request(questions, deadlineNanos))
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
