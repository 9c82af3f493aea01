package io.hemline.importer.parse;

import org.jspecify.annotations.Nullable;

/**
 * Collects how the numbers of a table are written.
 *
 * <p>Confined to one thread.
 */
public final class NumberEvidence {

    private long onlyPoint;
    private long onlyComma;
    private long either;

    public NumberEvidence() {}

    /** Whether a text is a number in some form, or a word for a missing one. */
    public static boolean isNumber(String text) {
        return NumberForm.isMissing(text) || NumberForm.isBelowOne(text) || NumberText.of(text) != null;
    }

    /** Takes the text of a value into account. */
    public void see(String text) {
        if (text.indexOf('.') < 0
                && text.indexOf(',') < 0
                && text.indexOf('\uFF0E') < 0
                && text.indexOf('\uFF0C') < 0) {
            return;
        }
        NumberText number = NumberText.of(text);
        if (number == null || !number.hasMark()) {
            return;
        }
        boolean point = number.value(DecimalMark.POINT).isPresent();
        boolean comma = number.value(DecimalMark.COMMA).isPresent();
        if (point && comma) {
            either++;
        } else if (point) {
            onlyPoint++;
        } else if (comma) {
            onlyComma++;
        }
    }

    /**
     * The form that explains most numbers. Where none decides, such as with {@code 1.234} alone, files delimited by
     * semicolons are taken to have decimal commas, since those need another delimiter than the comma.
     */
    public NumberForm decide(@Nullable DecimalMark override, boolean semicolonDelimited) {
        if (override != null) {
            return new NumberForm(override, false);
        }
        if (onlyPoint != onlyComma) {
            return new NumberForm(onlyPoint > onlyComma ? DecimalMark.POINT : DecimalMark.COMMA, false);
        }
        return new NumberForm(semicolonDelimited ? DecimalMark.COMMA : DecimalMark.POINT, either > 0 || onlyPoint > 0);
    }
}
