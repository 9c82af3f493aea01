package io.hemline.importer.weekly;

/** How several values become the value of one week. */
public enum Aggregation {
    SUM,
    MEAN
}
