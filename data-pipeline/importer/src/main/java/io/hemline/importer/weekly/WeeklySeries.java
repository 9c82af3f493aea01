package io.hemline.importer.weekly;

import io.hemline.importer.layout.SeriesName;
import java.time.LocalDate;

/**
 * A weekly series of one table.
 *
 * <p>Immutable: the array is shared and never written.
 *
 * @param name of the series
 * @param lastWeek the Monday that begins the last observed week
 * @param volume oldest first, NaN = not observed, ends with {@code lastWeek}, at most 520 values
 * @param renormalised whether the source scales each download to 0..100, so that earlier downloads must be spliced
 * @param table that it comes from
 */
public record WeeklySeries(SeriesName name, LocalDate lastWeek, double[] volume, boolean renormalised, String table) {}
