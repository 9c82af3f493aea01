package io.hemline.importer.table;

import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.DateUtil;
import org.apache.poi.ss.usermodel.Workbook;

/**
 * A sheet of a workbook.
 *
 * <p>Confined to one thread.
 */
final class SheetTable implements Table {

    private final SourceFile source;
    private final Path file;
    private final String sheet;
    private final boolean named;
    private final List<String> skipped;
    private int hiddenRows;

    /**
     * A sheet.
     *
     * @param named whether the table's name has the sheet's name
     * @param skipped hidden sheets of the workbook, which this table's guesses tell
     */
    SheetTable(SourceFile source, Path file, String sheet, boolean named, List<String> skipped) {
        this.source = source;
        this.file = file;
        this.sheet = sheet;
        this.named = named;
        this.skipped = skipped;
    }

    boolean hasRows() {
        boolean[] found = {false};
        read(row -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    @Override
    public String name() {
        return source.name() + (named ? " [" + SourceFile.printable(sheet) + "]" : "");
    }

    @Override
    public String kind() {
        return "XLSX";
    }

    /** Complete after the first reading. */
    @Override
    public List<Guess> guesses() {
        List<Guess> guesses = new ArrayList<>();
        if (!skipped.isEmpty()) {
            guesses.add(new Guess(
                    "hidden sheets", "not read: " + SourceFile.printable(String.join(", ", skipped)), "--sheet"));
        }
        if (hiddenRows > 0) {
            guesses.add(new Guess("hidden rows", hiddenRows + ", read like the others", ""));
        }
        return guesses;
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public void read(Predicate<Row> consumer) {
        int hidden = 0;
        try (Workbook book = XlsxFile.reader().open(file.toFile())) {
            for (org.apache.poi.ss.usermodel.Row each : book.getSheet(sheet)) {
                Row row = new Row(each.getRowNum() + 1, cells(each));
                if (row.isBlank()) {
                    continue;
                }
                hidden += each.getZeroHeight() ? 1 : 0;
                if (!consumer.test(row)) {
                    return;
                }
            }
            hiddenRows = hidden;
        } catch (ImportException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw source.unreadable(rootOf(e));
        }
    }

    private List<Cell> cells(org.apache.poi.ss.usermodel.Row row) {
        List<Cell> cells = new ArrayList<>();
        for (org.apache.poi.ss.usermodel.Cell cell : row) {
            int column = cell.getColumnIndex();
            if (column >= TextTable.MAX_COLUMNS) {
                throw new ImportException(
                        name() + ", row " + (row.getRowNum() + 1) + ": over " + TextTable.MAX_COLUMNS + " columns");
            }
            while (cells.size() < column) {
                cells.add(Cell.EMPTY);
            }
            cells.add(cell(cell));
        }
        return cells;
    }

    private static Cell cell(org.apache.poi.ss.usermodel.Cell cell) {
        boolean formula = cell.getCellType() == CellType.FORMULA;
        CellType type = formula ? cell.getCachedFormulaResultType() : cell.getCellType();
        try {
            return switch (type) {
                case NUMERIC ->
                    DateUtil.isCellDateFormatted(cell)
                            ? new Cell.Timestamp(cell.getLocalDateTimeCellValue())
                            : new Cell.Numeric(cell.getNumericCellValue());
                case BOOLEAN -> new Cell.Text(String.valueOf(cell.getBooleanCellValue()));
                case ERROR -> new Cell.Unreadable(cell.getStringCellValue().replaceFirst("^ERROR:\\s*", ""));
                case STRING -> text(cell.getStringCellValue(), formula);
                default -> formula ? withoutResult() : Cell.EMPTY;
            };
        } catch (NumberFormatException | IllegalStateException e) {
            return formula ? withoutResult() : new Cell.Unreadable("a damaged cell");
        }
    }

    private static Cell text(String text, boolean formula) {
        if (text.length() > TextTable.MAX_CELL) {
            return new Cell.Unreadable("a cell of over " + TextTable.MAX_CELL + " characters");
        }
        if (text.isBlank()) {
            return formula ? withoutResult() : Cell.EMPTY;
        }
        return new Cell.Text(text);
    }

    private static Cell withoutResult() {
        return new Cell.Unreadable("a formula without a stored result; save the workbook in Excel or LibreOffice");
    }

    private static Exception rootOf(Exception e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root instanceof Exception exception ? exception : e;
    }
}
