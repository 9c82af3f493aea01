package io.hemline.importer.parse;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Words without the differences that writers do not care about: case, accents, width, kinds of blanks and hyphens. */
final class Folded {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}+");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern HYPHENS = Pattern.compile("[‐‑‒−]");

    private Folded() {}

    static String of(String text) {
        String narrow = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        String bare = isAscii(narrow) ? narrow : withoutMarks(narrow);
        return BLANKS.matcher(bare).replaceAll(" ").trim();
    }

    private static String withoutMarks(String text) {
        String letters =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        String visible = INVISIBLE.matcher(letters).replaceAll("");
        String hyphens = HYPHENS.matcher(visible).replaceAll("-");
        return Normalizer.normalize(hyphens, Normalizer.Form.NFC)
                .replace('ı', 'i')
                .replace('đ', 'd');
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character < 128);
    }
}
