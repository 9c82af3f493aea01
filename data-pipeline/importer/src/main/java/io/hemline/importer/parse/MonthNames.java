package io.hemline.importer.parse;

import java.text.DateFormatSymbols;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names of months in the languages of the vendors' sites, from the JDK's locale data. */
final class MonthNames {

    private static final List<String> LANGUAGES = List.of(
            "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "tr", "cs", "hu", "id", "ro");
    private static final Map<String, Integer> NUMBERS = numbers();

    private MonthNames() {}

    /** The number of a month, 1 to 12; 0 if the word is none. */
    static int number(String word) {
        return NUMBERS.getOrDefault(canonical(word), 0);
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (String language : LANGUAGES) {
            DateFormatSymbols symbols = DateFormatSymbols.getInstance(Locale.forLanguageTag(language));
            for (String[] names : List.of(symbols.getMonths(), symbols.getShortMonths())) {
                for (int month = 0; month < 12; month++) {
                    numbers.putIfAbsent(canonical(names[month]), month + 1);
                }
            }
        }
        Map.of("sept", 9, "mrz", 3, "m\u00e4rz", 3).forEach(numbers::putIfAbsent);
        numbers.remove("");
        return numbers;
    }

    private static String canonical(String word) {
        return word.toLowerCase(Locale.ROOT).replace(".", "").strip();
    }
}
