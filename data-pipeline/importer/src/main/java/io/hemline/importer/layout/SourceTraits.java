package io.hemline.importer.layout;

/**
 * What the arrangement of a table says about its values.
 *
 * @param format of the table
 * @param renormalised whether the vendor scales each download to 0..100
 * @param weekLabel what the date of a week names
 */
public record SourceTraits(Format format, boolean renormalised, WeekLabel weekLabel) {}
