package io.hemline.serving.core;

import java.util.EnumMap;
import java.util.Map;

/**
 * When one request was in which stage, by {@link System#nanoTime}. A stage that was passed twice lasts from its first start
 * to its last end.
 *
 * <p>Thread-safe: {@code this} guards the times.
 */
public final class Stages {

    /** Of a request whose stages nobody times: nothing is noted in it. */
    public static final Stages NONE = new Stages();

    private final Map<Stage, Time> times = new EnumMap<>(Stage.class);

    /** Notes that the request was in that stage from then to then. */
    public synchronized void passed(Stage stage, long startNanos, long endNanos) {
        if (this != NONE) {
            times.merge(stage, new Time(startNanos, endNanos), Time::and);
        }
    }

    /** Tells of every stage that was passed, in the order of the way. */
    public synchronized void tell(Listener listener) {
        times.forEach((stage, time) -> listener.passed(stage, time.start(), time.end()));
    }

    /** Hears of one stage. */
    @FunctionalInterface
    public interface Listener {

        /** The request was in that stage from then to then. */
        void passed(Stage stage, long startNanos, long endNanos);
    }

    /** From then to then. */
    private record Time(long start, long end) {

        Time and(Time later) {
            return new Time(start - later.start < 0 ? start : later.start, end - later.end > 0 ? end : later.end);
        }
    }
}
