package io.hemline.serving.security;

import java.time.Duration;

/** A client that has used up its share. Made without a stack trace: refusing is an answer. */
public final class QuotaExceeded extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long seconds;

    QuotaExceeded(QuotaConfig quota, Duration untilNext) {
        this(quota, Math.max(1, untilNext.plusNanos(999_999_999).toSeconds()));
    }

    private QuotaExceeded(QuotaConfig quota, long seconds) {
        super(
                "At most " + quota.requests() + " requests in " + quota.window().toSeconds() + " seconds; try again in "
                        + seconds + (seconds == 1 ? " second." : " seconds."),
                null,
                false,
                false);
        this.seconds = seconds;
    }

    /** A sentence for the caller. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** When there is something left again, in seconds from now. */
    public long seconds() {
        return seconds;
    }

    /** What the header {@code RateLimit} says. */
    public String rateLimit() {
        return Quotas.NAME + ";r=0;t=" + seconds;
    }
}
