package io.hemline.serving.http;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How long a caller says it waits. */
final class Deadline {

    static final String HEADER = "X-Request-Timeout-Ms";

    private static final int MAX_DIGITS = 9;

    private Deadline() {}

    /** The nanoseconds that the header grants; what is no whole number of milliseconds from 1 is told as a fault. */
    static long nanos(String millis, Consumer<String> fault) {
        boolean digits = !millis.isEmpty()
                && millis.length() <= MAX_DIGITS
                && millis.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(millis) == 0) {
            fault.accept(HEADER + ": a whole number of milliseconds, 1 to 999999999, not " + SafeText.quoted(millis));
            return TimeUnit.MILLISECONDS.toNanos(1);
        }
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }
}
