package io.hemline.serving.core;

/**
 * How old an answer is, and how much of it was there before it was asked. Times are of {@link System#nanoTime}.
 *
 * <p>Immutable.
 *
 * @param hits how many of its forecasts were remembered
 * @param joined how many were being made for somebody else already
 * @param madeNanos when the oldest of them was made
 * @param untilNanos when the first of them is to be forgotten; not after {@code madeNanos} if none may be remembered
 */
public record Freshness(int hits, int joined, long madeNanos, long untilNanos) {

    /** Of something made just now that nobody should remember. */
    public static Freshness ofNow() {
        long now = System.nanoTime();
        return new Freshness(0, 0, now, now);
    }

    /** Whether it may be remembered at all. */
    public boolean lasts() {
        return untilNanos - madeNanos > 0;
    }
}
