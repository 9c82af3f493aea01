package io.hemline.importer.layout;

/** The day of a week by which a table names it. */
public enum WeekLabel {
    FIRST_DAY,
    LAST_DAY,
    /** Nothing in the table says it. */
    UNKNOWN
}
