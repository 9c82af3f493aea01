package io.hemline.serving.core;

import org.jspecify.annotations.Nullable;

/**
 * The attributes of a garment, in the words of the model's vocabularies; absent = unknown.
 *
 * <p>Immutable.
 *
 * @param market such as {@code vn}
 * @param gender such as {@code female}
 * @param category such as {@code pants}
 */
public record Attributes(
        @Nullable String market,
        @Nullable String gender,
        @Nullable String category) {

    /** No attribute is known. */
    public static final Attributes UNKNOWN = new Attributes(null, null, null);
}
