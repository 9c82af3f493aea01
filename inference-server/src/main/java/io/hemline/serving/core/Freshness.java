package io.hemline.serving.core;

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
