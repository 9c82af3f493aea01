package io.hemline.importer.report;

import java.time.LocalDate;

/**
 * The size of an import.
 *
 * @param trends in the result, those of an earlier import included
 * @param earlier trends that an earlier import had
 * @param markets of these trends
 * @param series that the files held
 * @param lastWeek the Monday of the newest week
 */
public record Summary(int trends, int earlier, int markets, int series, LocalDate lastWeek) {}
