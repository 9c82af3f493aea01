package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The forecasts of one request, in question order, all by one model version.
 *
 * <p>Immutable.
 *
 * @param forecasts one for each question
 * @param model the version that made them
 * @param freshness how old they are
 */
public record Answer(List<Forecast> forecasts, ModelIdentity model, Freshness freshness) {

    public Answer {
        forecasts = List.copyOf(forecasts);
        requireNonNull(model, "model");
        requireNonNull(freshness, "freshness");
    }

    /** An answer that was just computed. */
    public static Answer made(List<Forecast> forecasts, ModelIdentity model) {
        return new Answer(forecasts, model, Freshness.ofNow());
    }

    /** Whether every forecast came from the cache. */
    public boolean isHit() {
        return freshness.hits() == forecasts.size();
    }

    /**
     * The age of an answer, and how much of it came from the cache. Times are of {@link System#nanoTime}.
     *
     * <p>Immutable.
     *
     * @param hits how many of its forecasts were cached
     * @param joined how many were being computed for another request already
     * @param madeNanos when the oldest of them was computed
     * @param untilNanos when the first of them expires; not after {@code madeNanos} if none may be cached
     */
    public record Freshness(int hits, int joined, long madeNanos, long untilNanos) {

        /** Of an answer that was just computed and must not be cached. */
        public static Freshness ofNow() {
            long now = System.nanoTime();
            return new Freshness(0, 0, now, now);
        }

        /** Whether it may be cached at all. */
        public boolean lasts() {
            return untilNanos - madeNanos > 0;
        }
    }
}
