package io.hemline.importer.table;

import java.time.LocalDateTime;

/** One cell of a table, as the file holds it: text files hold text only, spreadsheets and Parquet also numbers and dates. */
public sealed interface Cell {

    /** The only empty cell. */
    Cell EMPTY = new Empty();

    /** A cell without content. */
    record Empty() implements Cell {}

    /** Text with at least one character, untrimmed. */
    record Text(String value) implements Cell {}

    /** A number; for a formula, its stored result. */
    record Numeric(double value) implements Cell {}

    /** A date or a time without zone; a zoned one was converted to UTC. */
    record Timestamp(LocalDateTime value) implements Cell {}

    /** An error value of a spreadsheet, such as {@code #DIV/0!}, or a cell that is too long to be read. */
    record Unreadable(String reason) implements Cell {}
}
