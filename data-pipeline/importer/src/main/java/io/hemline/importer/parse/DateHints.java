package io.hemline.importer.parse;

import org.jspecify.annotations.Nullable;

/**
 * What is known about dates besides the dates themselves.
 *
 * <p>Immutable.
 *
 * @param pattern of the option {@code --date-format}: of {@code java.time}, or of {@code strftime}; null to decide by
 *     the dates
 * @param market that the table is about; {@code us} writes the month before the day
 */
public record DateHints(@Nullable String pattern, @Nullable String market) {}
