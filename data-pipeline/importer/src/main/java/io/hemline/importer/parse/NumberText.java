package io.hemline.importer.parse;

import java.text.Normalizer;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a text that looks like a number, before its marks are interpreted.
 *
 * <p>Immutable.
 *
 * @param body digits with their marks
 * @param factor of sign, exponent and the letters K, M and B
 */
record NumberText(String body, double factor) {

    private static final int LONGEST = 64;
    private static final String UNIT = "(?:\\p{Sc}|[A-Z]{3}|%)";
    private static final Pattern NUMBER =
            Pattern.compile("(?<open>\\()?\\s*" + UNIT + "?\\s*(?<sign>[-+\u2212])?\\s*" + UNIT
                    + "?\\s*(?<body>\\d[\\d.,'\u2019\\h]*|[.,]\\d+)(?:[eE](?<exponent>[-+]?\\d{1,3}))?\\s*(?<scale>[kKmMbB])?\\s*"
                    + UNIT + "?\\s*\\+?\\s*(?<close>\\))?");
    private static final Pattern GROUPS = Pattern.compile("[1-9]\\d{0,2}([.,'\u2019\\h])(?:\\d{2,3}\\1)*\\d{3}");
    private static final Pattern DIGITS = Pattern.compile("\\d*");

    /** The parts of a text, or null if it does not look like a number. */
    static @Nullable NumberText of(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        Matcher matcher =
                NUMBER.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).strip());
        if (!matcher.matches() || (matcher.group("open") == null) != (matcher.group("close") == null)) {
            return null;
        }
        double factor = matcher.group("open") == null ? 1 : -1;
        String sign = matcher.group("sign");
        if (sign != null && !sign.equals("+")) {
            factor = -factor;
        }
        if (matcher.group("exponent") != null) {
            factor *= Math.pow(10, Integer.parseInt(matcher.group("exponent")));
        }
        if (matcher.group("scale") != null) {
            factor *= switch (matcher.group("scale").toLowerCase(Locale.ROOT)) {
                case "k" -> 1e3;
                case "m" -> 1e6;
                default -> 1e9;
            };
        }
        return new NumberText(matcher.group("body").strip(), factor);
    }

    /** Whether the body has a point or a comma, so that its value may depend on the decimal mark. */
    boolean hasMark() {
        return body.indexOf('.') >= 0 || body.indexOf(',') >= 0;
    }

    /** The value by a decimal mark; empty if the text cannot be a number with that mark. */
    OptionalDouble value(DecimalMark decimal) {
        int at = body.indexOf(decimal.mark());
        String whole = at < 0 ? body : body.substring(0, at);
        String fraction = at < 0 ? "" : body.substring(at + 1);
        if (!DIGITS.matcher(fraction).matches() || (whole.isEmpty() && fraction.isEmpty())) {
            return OptionalDouble.empty();
        }
        if (!DIGITS.matcher(whole).matches()) {
            Matcher groups = GROUPS.matcher(whole);
            if (!groups.matches() || groups.group(1).charAt(0) == decimal.mark()) {
                return OptionalDouble.empty();
            }
            whole = whole.replaceAll("\\D", "");
        }
        return OptionalDouble.of(Double.parseDouble((whole.isEmpty() ? "0" : whole) + "." + fraction + "0") * factor);
    }
}
