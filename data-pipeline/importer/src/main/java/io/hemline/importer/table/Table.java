package io.hemline.importer.table;

import java.util.List;
import java.util.function.Predicate;

/** A sequence of rows: a text file, a sheet of a workbook, a Parquet file. It can be read any number of times. */
public interface Table {

    /** The file's name without its folder, and the sheet's in brackets where the file has several: {@code a.xlsx [Sheet1]}. */
    String name();

    /** What the file is: {@code CSV}, {@code XLSX} or {@code Parquet}. */
    String kind();

    /** What the reader guessed, such as the delimiter, the encoding, skipped sheets and hidden rows. */
    List<Guess> guesses();

    /** The bytes of the file, for the progress display. */
    long size();

    /**
     * Passes each row that is not blank to a consumer until it returns false. An {@link
     * io.hemline.importer.report.ImportException} says in one line why the file cannot be read.
     */
    void read(Predicate<Row> consumer);

    /**
     * A guess of a reader.
     *
     * @param what is guessed, such as {@code delimiter}
     * @param value such as {@code semicolon}
     * @param option that overrides it, such as {@code --delimiter}; empty without one
     */
    record Guess(String what, String value, String option) {}
}
