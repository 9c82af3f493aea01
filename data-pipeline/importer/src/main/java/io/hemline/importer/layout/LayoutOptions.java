package io.hemline.importer.layout;

import io.hemline.importer.parse.DateHints;
import io.hemline.importer.parse.DecimalMark;
import org.jspecify.annotations.Nullable;

/**
 * What a person said about tables; each member overrides a guess.
 *
 * @param format of the table
 * @param dates the form of the dates
 * @param decimal the decimal mark
 */
public record LayoutOptions(
        @Nullable Format format, DateHints dates, @Nullable DecimalMark decimal) {}
