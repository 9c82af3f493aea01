package io.hemline.importer.parse;

import org.jspecify.annotations.Nullable;

/**
 * What is known about dates before any is seen.
 *
 * @param pattern of the option {@code --date-format}, in the notation of Java or of strftime
 * @param market of the series: {@code us} writes the month first
 */
public record DateHints(@Nullable String pattern, @Nullable String market) {}
