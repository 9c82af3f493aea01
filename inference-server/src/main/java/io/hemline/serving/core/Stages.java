package io.hemline.serving.core;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Start and end of each stage of one request, by {@link System#nanoTime}. A stage that was passed twice lasts from its first
 * start to its last end.
 *
 * <p>Thread-safe: {@code this} guards the times.
 */
public final class Stages {

    /** Those of a request that is not timed: they record nothing. */
    public static final Stages NONE = new Stages();

    private final Map<Stage, Time> times = new EnumMap<>(Stage.class);

    /** Records one passage of a stage. */
    public synchronized void passed(Stage stage, long startNanos, long endNanos) {
        if (this != NONE) {
            times.merge(stage, new Time(startNanos, endNanos), Time::and);
        }
    }

    /** Reports every stage that was passed, in the order of the path. */
    public synchronized void tell(Listener listener) {
        times.forEach((stage, time) -> listener.passed(stage, time.start(), time.end()));
    }

    /** Receives the times of one stage. */
    @FunctionalInterface
    public interface Listener {

        /** The request passed that stage. */
        void passed(Stage stage, long startNanos, long endNanos);
    }

    /** Start and end. */
    private record Time(long start, long end) {

        Time and(Time later) {
            return new Time(start - later.start < 0 ? start : later.start, end - later.end > 0 ? end : later.end);
        }
    }

    /** The stages of a request that are timed one by one. */
    public enum Stage {

        /** From the request line until the questions are known. */
        READ,
        /** Looking into the forecast cache. */
        CACHE,
        /** Finding features and encoding images. */
        FEATURES,
        /** Waiting for a batch. */
        QUEUE,
        /** Running in the model. */
        RUN,
        /** Writing the answer. */
        WRITE;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The stage as metrics and spans name it. */
        public String word() {
            return word;
        }
    }
}
