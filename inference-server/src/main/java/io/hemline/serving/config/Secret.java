package io.hemline.serving.config;

import static java.util.Objects.requireNonNull;

/**
 * A setting that must never be printed, such as a password.
 *
 * <p>Immutable.
 */
public final class Secret {

    /** The empty secret. */
    public static final Secret NONE = new Secret("");

    private final String value;

    private Secret(String value) {
        this.value = requireNonNull(value, "value");
    }

    /** Wraps a secret; an empty text is {@link #NONE}. */
    public static Secret of(String value) {
        return value.isEmpty() ? NONE : new Secret(value);
    }

    /** The secret itself; never for logs. */
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

    /** Only whether the secret is set. */
    @Override
    public String toString() {
        return value.isEmpty() ? "" : "(set)";
    }
}
