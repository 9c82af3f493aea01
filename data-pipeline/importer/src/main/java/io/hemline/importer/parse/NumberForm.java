package io.hemline.importer.parse;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way in which a table writes numbers. A text that contradicts it is not a number, rather than a wrong one:
 * {@code 1.234,5} under a decimal point.
 *
 * <p>Immutable.
 */
public final class NumberForm {

    /** Read for {@code <1}, which says only that the value lies between 0 and 1. */
    private static final double BELOW_ONE_VALUE = 0.5;

    /** Digits of a whole number that a double holds exactly. */
    private static final int EXACT_DIGITS = 15;

    /** Longest text that can be a word for a missing or infinite value. */
    private static final int MAX_WORD = 40;

    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    private static final Parsed MISSING = new Parsed(Double.NaN, Kind.MISSING);
    private static final Parsed NOT_A_NUMBER = new Parsed(Double.NaN, Kind.NOT_A_NUMBER);
    private static final Set<String> MISSING_WORDS = Set.of("", "-", "na", "n/a", "#n/a", "nan", "null", "none", ".");
    private static final Pattern BELOW_ONE = Pattern.compile("< ?1 ?%?");
    private static final Pattern INFINITY = Pattern.compile("[+-]?(inf|infinity|∞)");

    private final DecimalMark mark;
    private final boolean guessed;

    /** What a text is. */
    public enum Kind {
        NUMBER,
        /** The usual marks of an absent value, and the empty text. */
        MISSING,
        /** {@code <1}. */
        BELOW_ONE,
        NOT_A_NUMBER
    }

    /**
     * A text that was read.
     *
     * @param value NaN without a number; may be negative, infinite or too large
     * @param kind of the text
     */
    public record Parsed(double value, Kind kind) {}

    NumberForm(DecimalMark mark, boolean guessed) {
        this.mark = mark;
        this.guessed = guessed;
    }

    /** Reads the text of a cell. */
    public Parsed parse(String text) {
        double plain = plainValue(text);
        return plain >= 0 ? new Parsed(plain, Kind.NUMBER) : parseDecorated(text);
    }

    /** Names the marks: {@code decimal comma, thousands point}. */
    public String describe() {
        return mark.description();
    }

    /** Whether the table holds numbers that another mark would change, and none that decides. */
    public boolean guessed() {
        return guessed;
    }

    /** The value of plain digits with at most one decimal mark between them; -1 for any other text. */
    private double plainValue(String text) {
        int length = text.length();
        if (length == 0 || length > EXACT_DIGITS) {
            return -1;
        }
        long digits = 0;
        int markAt = -1;
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            if (character >= '0' && character <= '9') {
                digits = digits * 10 + (character - '0');
            } else if (character == mark.character() && markAt < 0 && i > 0) {
                markAt = i;
            } else {
                return -1;
            }
        }
        return markAt < 0 ? digits : digits / POWERS_OF_TEN[length - 1 - markAt];
    }

    private Parsed parseDecorated(String text) {
        NumberText number = NumberText.of(text);
        if (number != null && number.digits().chars().anyMatch(Character::isDigit)) {
            String digits = plainDigits(number);
            if (digits != null) {
                double value = Double.parseDouble(digits + "e" + number.exponent());
                return new Parsed(number.negative() ? 0.0 - value : value, Kind.NUMBER);
            }
        }
        return text.strip().length() > MAX_WORD ? NOT_A_NUMBER : parseWord(text);
    }

    private @Nullable String plainDigits(NumberText number) {
        if (number.openEnded()) {
            String comma = DigitGroups.ungrouped(number.digits(), ',');
            String whole = comma == null ? DigitGroups.ungrouped(number.digits(), '.') : comma;
            if (whole != null) {
                return whole;
            }
        }
        return DigitGroups.plain(number.digits(), mark, !number.scientific());
    }

    private static Parsed parseWord(String text) {
        String word = NumberText.normalised(text).toLowerCase(Locale.ROOT).replace("&lt;", "<");
        if (MISSING_WORDS.contains(word)) {
            return MISSING;
        }
        if (BELOW_ONE.matcher(word).matches()) {
            return new Parsed(BELOW_ONE_VALUE, Kind.BELOW_ONE);
        }
        if (INFINITY.matcher(word).matches()) {
            double infinity = word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return new Parsed(infinity, Kind.NUMBER);
        }
        return NOT_A_NUMBER;
    }
}
