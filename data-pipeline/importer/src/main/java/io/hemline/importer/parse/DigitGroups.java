package io.hemline.importer.parse;

import org.jspecify.annotations.Nullable;

/** Digits with decimal mark and grouped thousands: {@code 1.234,5}, {@code 1 234.5}, {@code 1'234}, {@code 12,34,567}. */
final class DigitGroups {

    private DigitGroups() {}

    /**
     * The number as {@code 1234.5}; null if it is not written with this decimal mark.
     *
     * @param grouped whether thousands may be grouped
     */
    static @Nullable String plain(String digits, DecimalMark mark, boolean grouped) {
        int at = digits.indexOf(mark.character());
        String whole = at < 0 ? digits : digits.substring(0, at);
        String fraction = at < 0 ? "" : digits.substring(at + 1);
        if (whole.length() + fraction.length() == 0 || !isDigits(fraction)) {
            return null;
        }
        if (isDigits(whole)) {
            return whole + "." + fraction;
        }
        String ungrouped = grouped ? ungrouped(whole, mark.thousands()) : null;
        return ungrouped == null ? null : ungrouped + "." + fraction;
    }

    /** A whole number in groups that {@code thousands}, blanks or apostrophes separate; null for anything else. */
    static @Nullable String ungrouped(String whole, char thousands) {
        int at = 0;
        while (at < whole.length() && isDigit(whole.charAt(at))) {
            at++;
        }
        if (at == 0 || at > 3 || at == whole.length() || whole.charAt(0) == '0') {
            return null;
        }
        char separator = whole.charAt(at);
        if (separator != thousands && separator != ' ' && separator != '\'') {
            return null;
        }
        return groupsOf(3, whole, at, separator) || (separator == ',' && indian(whole, at))
                ? whole.replace(String.valueOf(separator), "")
                : null;
    }

    /** Whether groups of two and a last one of three follow the first one. */
    private static boolean indian(String whole, int at) {
        int last = whole.length() - 4;
        return at <= 2
                && last > at
                && groupsOf(2, whole.substring(0, last), at, ',')
                && groupsOf(3, whole.substring(last), 0, ',');
    }

    private static boolean groupsOf(int size, String text, int from, char separator) {
        if (from == text.length() || (text.length() - from) % (size + 1) != 0) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            boolean separates = (i - from) % (size + 1) == 0;
            if (separates ? text.charAt(i) != separator : !isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
