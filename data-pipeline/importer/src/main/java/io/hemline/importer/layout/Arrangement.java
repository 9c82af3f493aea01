package io.hemline.importer.layout;

import io.hemline.importer.parse.DateEvidence;
import io.hemline.importer.parse.NumberEvidence;
import io.hemline.importer.table.Cell;
import io.hemline.importer.table.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The meaning of the columns of a table. */
sealed interface Arrangement {

    /** Takes the dates and numbers of a row into account. */
    void see(Row row, DateEvidence dates, NumberEvidence numbers);

    /** Passes the values of a row on. */
    void points(Row row, CellValues values, SeriesNames names);

    /** The date cells of a row. */
    List<Cell> dates(Row row);

    /**
     * A column of values.
     *
     * @param index counted from 0
     * @param header its cell in the header
     */
    record Column(int index, Cell header) {}

    /**
     * Columns of words about a series; an index of −1 means that there is none.
     *
     * @param fixed name of the only series without a column of names
     */
    record NameColumns(int name, int market, int gender, int category, String fixed) {

        static NameColumns only(int name) {
            return new NameColumns(name, -1, -1, -1, "");
        }

        @Nullable SeriesName of(Row row, SeriesNames names) {
            String text = name < 0 ? fixed : CellText.of(row.cell(name));
            return names.of(text, word(row, market), word(row, gender), word(row, category));
        }

        private static @Nullable String word(Row row, int column) {
            return column < 0 ? null : CellText.of(row.cell(column));
        }
    }

    /** A value a row. */
    record LongRows(NameColumns names, int date, int value, int partial) implements Arrangement {

        @Override
        public void see(Row row, DateEvidence dates, NumberEvidence numbers) {
            seeDate(row.cell(date), dates);
            seeNumber(row.cell(value), numbers);
        }

        @Override
        public void points(Row row, CellValues values, SeriesNames known) {
            values.point(
                    names.of(row, known), row.cell(date), row.cell(value), row.number(), value, isTrue(row, partial));
        }

        @Override
        public List<Cell> dates(Row row) {
            return List.of(row.cell(date));
        }
    }

    /** A date a row, a series a column. */
    record DateRows(int date, List<Column> columns, List<Integer> unnamed, int partial) implements Arrangement {

        @Override
        public void see(Row row, DateEvidence dates, NumberEvidence numbers) {
            seeDate(row.cell(date), dates);
            columns.forEach(column -> seeNumber(row.cell(column.index()), numbers));
        }

        @Override
        public void points(Row row, CellValues values, SeriesNames known) {
            for (Column column : columns) {
                SeriesName name = known.of(CellText.of(column.header()), null, null, null);
                Cell value = row.cell(column.index());
                values.point(name, row.cell(date), value, row.number(), column.index(), isTrue(row, partial));
            }
            for (int column : unnamed) {
                if (row.cell(column) != Cell.EMPTY) {
                    values.point(null, row.cell(date), row.cell(column), row.number(), column, false);
                }
            }
        }

        @Override
        public List<Cell> dates(Row row) {
            return List.of(row.cell(date));
        }
    }

    /** A series a row, a date a column. */
    record SeriesRows(NameColumns names, List<Column> columns) implements Arrangement {

        @Override
        public void see(Row row, DateEvidence dates, NumberEvidence numbers) {
            columns.forEach(column -> {
                seeDate(column.header(), dates);
                seeNumber(row.cell(column.index()), numbers);
            });
        }

        @Override
        public void points(Row row, CellValues values, SeriesNames known) {
            SeriesName name = names.of(row, known);
            for (Column column : columns) {
                values.point(name, column.header(), row.cell(column.index()), row.number(), column.index(), false);
            }
        }

        @Override
        public List<Cell> dates(Row row) {
            return columns.stream().map(Column::header).toList();
        }
    }

    private static void seeDate(Cell cell, DateEvidence dates) {
        if (cell instanceof Cell.Text || cell instanceof Cell.Numeric) {
            dates.see(CellText.of(cell));
        }
    }

    private static void seeNumber(Cell cell, NumberEvidence numbers) {
        if (cell instanceof Cell.Text text) {
            numbers.see(text.value());
        }
    }

    private static boolean isTrue(Row row, int column) {
        return column >= 0 && CellText.of(row.cell(column)).equalsIgnoreCase("true");
    }
}
