package io.hemline.importer.layout;

import io.hemline.importer.table.Cell;
import java.math.BigDecimal;

/** The text of a cell as a person would write it. */
public final class CellText {

    private CellText() {}

    public static String of(Cell cell) {
        if (cell instanceof Cell.Text text) {
            return text.value().strip();
        }
        if (cell instanceof Cell.Numeric number) {
            return new BigDecimal(number.value()).stripTrailingZeros().toPlainString();
        }
        if (cell instanceof Cell.Timestamp time) {
            return time.value().toString();
        }
        return cell instanceof Cell.Unreadable unreadable ? unreadable.reason() : "";
    }
}
