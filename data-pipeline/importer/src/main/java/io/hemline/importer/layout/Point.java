package io.hemline.importer.layout;

import io.hemline.importer.parse.Period;
import io.hemline.importer.report.Place;

/**
 * One value of a series.
 *
 * @param series that it belongs to
 * @param period that it is about
 * @param value at least 0, at most 1e30
 * @param place where it stands
 * @param partial whether the file says that the period is not complete
 */
public record Point(SeriesName series, Period period, double value, Place place, boolean partial) {}
