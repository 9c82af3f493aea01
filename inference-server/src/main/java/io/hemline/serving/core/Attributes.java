package io.hemline.serving.core;

import org.jspecify.annotations.Nullable;

/**
 * What a garment is, in the words of the model's vocabularies; absent = unknown.
 *
 * <p>Immutable.
 *
 * @param market where it is worn
 * @param gender whom it is made for
 * @param category what kind of garment it is
 */
public record Attributes(
        @Nullable String market,
        @Nullable String gender,
        @Nullable String category) {

    /** Nothing is known. */
    public static final Attributes UNKNOWN = new Attributes(null, null, null);
}
