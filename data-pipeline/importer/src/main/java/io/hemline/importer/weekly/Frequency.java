package io.hemline.importer.weekly;

/** How far apart the dates of a table are; data of any other frequency are refused. */
enum Frequency {
    DAILY,
    WEEKLY
}
