package io.hemline.importer.report;

/**
 * Where a value stands in a file. Prints as {@code sales.csv, row 12, column 3}.
 *
 * <p>Immutable.
 *
 * @param table name of the table
 * @param row counted from 1; 0 for the whole table
 * @param column counted from 1; 0 for the whole row
 */
public record Place(String table, int row, int column) {

    @Override
    public String toString() {
        return table + (row == 0 ? "" : ", row " + row) + (column == 0 ? "" : ", column " + column);
    }
}
