package io.hemline.importer.parse;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The way in which the numbers of a table are written.
 *
 * <p>Immutable.
 */
public final class NumberForm {

    private static final Set<String> MISSING =
            Set.of("", "-", "\u2013", "\u2014", ".", "na", "n/a", "#n/a", "nan", "null", "none");
    private static final Pattern BELOW_ONE = Pattern.compile("(?:<|&lt;|\uFF1C)\\s*1");
    private static final Parsed NONE = new Parsed(Double.NaN, Kind.MISSING);
    private static final Parsed INVALID = new Parsed(Double.NaN, Kind.NOT_A_NUMBER);
    private static final int EXACT_DIGITS = 15;

    private final DecimalMark decimal;
    private final boolean guessed;

    NumberForm(DecimalMark decimal, boolean guessed) {
        this.decimal = decimal;
        this.guessed = guessed;
    }

    /** What a text is. */
    public enum Kind {
        NUMBER,
        /** Empty, or a word for a missing value such as {@code NA} or a dash. */
        MISSING,
        /** Google's {@code <1}: more than 0 and less than 1, read as 0.5. */
        BELOW_ONE,
        NOT_A_NUMBER
    }

    /** A value, NaN unless the kind is a number or below one. */
    public record Parsed(double value, Kind kind) {}

    public Parsed parse(String text) {
        if (isPlain(text)) {
            return new Parsed(Long.parseLong(text), Kind.NUMBER);
        }
        String stripped = text.strip();
        if (isMissing(stripped)) {
            return NONE;
        }
        if (isBelowOne(stripped)) {
            return new Parsed(0.5, Kind.BELOW_ONE);
        }
        NumberText number = NumberText.of(stripped);
        OptionalDouble value = number == null ? OptionalDouble.empty() : number.value(decimal);
        return value.isPresent() ? new Parsed(value.getAsDouble(), Kind.NUMBER) : INVALID;
    }

    static boolean isMissing(String text) {
        return MISSING.contains(text.strip().toLowerCase(Locale.ROOT));
    }

    static boolean isBelowOne(String text) {
        return BELOW_ONE.matcher(text.strip()).matches();
    }

    private static boolean isPlain(String text) {
        if (text.isEmpty() || text.length() > EXACT_DIGITS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Words for the report, such as {@code decimal comma}. */
    public String describe() {
        return decimal == DecimalMark.POINT ? "decimal point" : "decimal comma";
    }

    /** Whether nothing in the table decided it, although some values depend on it. */
    public boolean guessed() {
        return guessed;
    }
}
