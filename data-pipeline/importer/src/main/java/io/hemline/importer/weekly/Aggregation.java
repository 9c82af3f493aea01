package io.hemline.importer.weekly;

/** How the days of a week become its value. */
public enum Aggregation {
    SUM,
    MEAN
}
