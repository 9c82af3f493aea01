package io.hemline.importer.table;

import java.util.List;

/**
 * A row of a table.
 *
 * <p>Immutable.
 *
 * @param number counted from 1, as a person sees it: the line of a text file where the row begins, the row of a sheet,
 *     the record of a Parquet file (whose names of columns are row 0)
 * @param cells from the first column on
 */
public record Row(int number, List<Cell> cells) {

    /** The cell in a column counted from 0; empty beyond the last. */
    public Cell cell(int column) {
        return column < cells.size() ? cells.get(column) : Cell.EMPTY;
    }

    /** Whether no cell has content. */
    public boolean isBlank() {
        return cells.stream().allMatch(cell -> cell == Cell.EMPTY);
    }
}
