package io.hemline.importer.parse;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names of months and of days of the week in many languages, folded, from the locale data of the JDK. */
final class CalendarWords {

    /**
     * Languages whose names of months do not contradict each other. Croatian is left out: its October is the November of
     * Polish and Czech.
     */
    static final List<String> LANGUAGES = List.of(
            "en", "de", "fr", "es", "it", "pt", "nl", "vi", "ja", "zh", "ko", "sv", "da", "nb", "fi", "pl", "cs", "sk",
            "hu", "ro", "ca", "tr", "id", "ms", "ru", "uk", "bg", "el");

    private static final List<TextStyle> STYLES =
            List.of(TextStyle.FULL, TextStyle.FULL_STANDALONE, TextStyle.SHORT, TextStyle.SHORT_STANDALONE);
    private static final Map<String, Integer> MONTHS = months();
    private static final Set<String> DAYS = daysOfWeek();

    private CalendarWords() {}

    /** The number of a month; 0 for any other word. */
    static int month(String foldedWord) {
        return MONTHS.getOrDefault(foldedWord, 0);
    }

    static boolean isDayOfWeek(String foldedWord) {
        return DAYS.contains(foldedWord);
    }

    private static Map<String, Integer> months() {
        Map<String, Integer> months = new HashMap<>(Map.of("sept", 9, "mrz", 3));
        for (String language : LANGUAGES) {
            for (Month month : Month.values()) {
                for (TextStyle style : STYLES) {
                    String word = word(month.getDisplayName(style, Locale.forLanguageTag(language)));
                    // Names such as "tháng 1" are numbers, which the grammar of dates reads.
                    if (!word.matches(".*[0-9].*")) {
                        months.putIfAbsent(word, month.getValue());
                    }
                }
            }
        }
        return Map.copyOf(months);
    }

    private static Set<String> daysOfWeek() {
        Set<String> days = new HashSet<>();
        for (String language : LANGUAGES) {
            Locale locale = Locale.forLanguageTag(language);
            for (DayOfWeek day : DayOfWeek.values()) {
                STYLES.forEach(style -> days.add(word(day.getDisplayName(style, locale))));
                if (Set.of("ja", "zh", "ko").contains(language)) {
                    days.add(word(day.getDisplayName(TextStyle.NARROW, locale)));
                }
            }
        }
        return Set.copyOf(days);
    }

    private static String word(String name) {
        String folded = Folded.of(name);
        return folded.endsWith(".") ? folded.substring(0, folded.length() - 1) : folded;
    }
}
