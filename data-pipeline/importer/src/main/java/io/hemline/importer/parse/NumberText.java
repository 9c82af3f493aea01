package io.hemline.importer.parse;

import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A written number, without what stands around its digits: sign, parentheses, currency, percent sign, K, M or B.
 *
 * <p>Immutable.
 *
 * @param digits with the marks that are not yet understood, such as {@code 1.234,5}
 * @param exponent power of ten, as written or by K, M or B
 * @param scientific whether an exponent is written, which excludes grouped thousands
 * @param openEnded whether a plus follows, as in {@code 10,000 %+}: only whole numbers are written so
 */
record NumberText(boolean negative, String digits, int exponent, boolean scientific, boolean openEnded) {

    /** Longest text that can be a number. */
    private static final int MAX_LENGTH = 400;

    private static final Set<String> CURRENCIES = Stream.concat(
                    Currency.getAvailableCurrencies().stream().map(Currency::getCurrencyCode),
                    Stream.of("kr", "Kr", "zł", "Kč", "Ft", "lei", "Rp", "RM", "Rs", "CHF", "đ", "VND", "RMB"))
            // Codes that are common words in capitals.
            .filter(code -> !Set.of("ALL", "TOP", "XXX", "XTS").contains(code))
            .collect(Collectors.toUnmodifiableSet());

    /** Removes what stands around the digits; null for a text that holds no digits. */
    static @Nullable NumberText of(String text) {
        return text.length() > MAX_LENGTH ? null : new Scanner(normalised(text)).scan();
    }

    /** Gives digits, marks, signs and blanks of any script their ASCII form. */
    static String normalised(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (Character.isDigit(character)) {
                plain.append((char) ('0' + Character.digit(character, 10)));
            } else if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
                plain.append(' ');
            } else if (character >= '！' && character <= '～') {
                plain.append((char) (character - '！' + '!'));
            } else if (character == '’' || character == '‘' || character == 'ʼ') {
                plain.append('\'');
            } else if (character == '−' || character == '–' || character == '—' || character == '﹣') {
                plain.append('-');
            } else if (Character.getType(character) != Character.FORMAT) {
                plain.append(character);
            }
        }
        return plain.toString().trim();
    }

    /** Shortens a text from both ends. Confined to one thread. */
    private static final class Scanner {

        private final String text;
        private int start;
        private int end;
        private int signs;
        private boolean negative;
        private boolean openEnded;
        private int exponent;

        Scanner(String text) {
            this.text = text;
            end = text.length();
        }

        @Nullable NumberText scan() {
            if (text.startsWith("(") && text.endsWith(")") && text.length() > 2) {
                sign('-');
                start++;
                end--;
            }
            while (start < end && front()) {
                // Each step moves the start.
            }
            while (start < end && back()) {
                // Each step moves the end.
            }
            return start == end || signs > 1 ? null : withExponent();
        }

        private boolean front() {
            char character = text.charAt(start);
            if (character == '+' || character == '-') {
                sign(character);
            } else if (!isBlankOrCurrency(character)) {
                int after = start;
                while (after < end && Character.isLetter(text.charAt(after))) {
                    after++;
                }
                boolean dollars = after - start <= 2 && after < end && text.charAt(after) == '$';
                boolean currency = dollars || CURRENCIES.contains(text.substring(start, after));
                start = currency ? after : start;
                return currency;
            }
            start++;
            return true;
        }

        private boolean back() {
            char character = text.charAt(end - 1);
            if (character == '-') {
                sign(character);
            } else if (character == '+') {
                openEnded = true;
            } else if (character != '%' && !isBlankOrCurrency(character)) {
                return trailingWord();
            }
            end--;
            return true;
        }

        private boolean trailingWord() {
            int before = end;
            while (before > start && Character.isLetter(text.charAt(before - 1))) {
                before--;
            }
            String word = text.substring(before, end);
            int power = exponent == 0 ? multiplier(word) : 0;
            if (power == 0 && !CURRENCIES.contains(word)) {
                return false;
            }
            exponent += power;
            end = before;
            return true;
        }

        private static int multiplier(String word) {
            return switch (word.toUpperCase(Locale.ROOT)) {
                case "K" -> 3;
                case "M" -> 6;
                case "B" -> 9;
                default -> 0;
            };
        }

        private static boolean isBlankOrCurrency(char character) {
            return character == ' ' || Character.getType(character) == Character.CURRENCY_SYMBOL;
        }

        private void sign(char character) {
            signs++;
            negative = character == '-';
        }

        private @Nullable NumberText withExponent() {
            String digits = text.substring(start, end);
            int letter = Math.max(digits.indexOf('e'), digits.indexOf('E'));
            if (letter < 0) {
                return new NumberText(negative, digits, exponent, false, openEnded);
            }
            String power = digits.substring(letter + 1);
            if (!power.matches("[+-]?[0-9]{1,4}")) {
                return null;
            }
            int whole = exponent + Integer.parseInt(power);
            return new NumberText(negative, digits.substring(0, letter), whole, true, openEnded);
        }
    }
}
