package io.hemline.serving.config;

import static java.util.Objects.requireNonNull;

/**
 * A setting that must never be printed, such as a password.
 *
 * <p>Immutable.
 */
public final class Secret {

    /** No secret. */
    public static final Secret NONE = new Secret("");

    private final String value;

    private Secret(String value) {
        this.value = requireNonNull(value, "value");
    }

    /** Keeps a secret; an empty text is none. */
    public static Secret of(String value) {
        return value.isEmpty() ? NONE : new Secret(value);
    }

    /** What it is; never for logs. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Whether there is one, and not what it is. */
    @Override
    public String toString() {
        return value.isEmpty() ? "" : "(set)";
    }
}
