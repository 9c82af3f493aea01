package io.hemline.importer.parse;

import org.jspecify.annotations.Nullable;

/**
 * What the numbers of a table say about its decimal mark. {@code 1,5}, {@code 1.234,5} and {@code 1.234.567} can be
 * written with one mark only and decide; {@code 1,234} can be written with both.
 *
 * <p>Confined to one thread.
 */
public final class NumberEvidence {

    private long pointOnly;
    private long commaOnly;
    private boolean ambiguous;

    /** Begins without evidence. */
    public NumberEvidence() {}

    /** Takes the text of a cell as evidence, whether it is a number or not. */
    public void see(String text) {
        if (isPlainInteger(text)) {
            return;
        }
        NumberText number = NumberText.of(text);
        if (number == null) {
            return;
        }
        boolean point = isWrittenWith(DecimalMark.POINT, number);
        boolean comma = isWrittenWith(DecimalMark.COMMA, number);
        if (point != comma) {
            pointOnly += point ? 1 : 0;
            commaOnly += comma ? 1 : 0;
        } else if (point) {
            ambiguous |= number.digits().indexOf('.') >= 0 || number.digits().indexOf(',') >= 0;
        }
    }

    /**
     * Decides for the mark that more numbers need. Without such numbers, files with semicolons between their cells have
     * a decimal comma, as spreadsheets write them where the comma is the decimal mark.
     */
    public NumberForm decide(@Nullable DecimalMark override, boolean semicolonDelimited) {
        if (override != null) {
            return new NumberForm(override, false);
        }
        if (pointOnly != commaOnly) {
            return new NumberForm(pointOnly > commaOnly ? DecimalMark.POINT : DecimalMark.COMMA, false);
        }
        boolean guessed = ambiguous || pointOnly > 0;
        return new NumberForm(semicolonDelimited ? DecimalMark.COMMA : DecimalMark.POINT, guessed);
    }

    private static boolean isWrittenWith(DecimalMark mark, NumberText number) {
        if (number.openEnded()) {
            return DigitGroups.ungrouped(number.digits(), mark.thousands()) != null;
        }
        return DigitGroups.plain(number.digits(), mark, !number.scientific()) != null;
    }

    private static boolean isPlainInteger(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character < '0' || character > '9') {
                return false;
            }
        }
        return true;
    }
}
