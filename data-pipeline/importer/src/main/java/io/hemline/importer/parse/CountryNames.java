package io.hemline.importer.parse;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Folded names of countries and their codes in lower case. The names in other languages are read when first needed. */
final class CountryNames {

    private static final String WORLD = "world";
    private static final Pattern MARKS = Pattern.compile("[.'’`]");

    /** Names that the locale data does not hold. */
    private static final Map<String, String> COMMON = Map.ofEntries(
            Map.entry("united states of america", "us"),
            Map.entry("сша", "us"),
            Map.entry("america", "us"),
            Map.entry("uk", "gb"),
            Map.entry("great britain", "gb"),
            Map.entry("uae", "ae"),
            Map.entry("korea", "kr"),
            Map.entry("republic of korea", "kr"),
            Map.entry("viet nam", "vn"),
            Map.entry("russian federation", "ru"),
            Map.entry("czech republic", "cz"),
            Map.entry("czechia", "cz"),
            Map.entry("holland", "nl"),
            Map.entry("the netherlands", "nl"),
            Map.entry("ivory coast", "ci"),
            Map.entry("burma", "mm"),
            Map.entry("hong kong", "hk"),
            Map.entry("macao", "mo"),
            Map.entry("macau", "mo"),
            Map.entry("turkiye", "tr"),
            Map.entry("swaziland", "sz"),
            Map.entry("macedonia", "mk"),
            Map.entry("palestine", "ps"),
            // What exports call all countries together.
            Map.entry("worldwide", WORLD),
            Map.entry("global", WORLD),
            Map.entry("all countries", WORLD),
            Map.entry("weltweit", WORLD),
            Map.entry("dans tous les pays", WORLD),
            Map.entry("monde entier", WORLD),
            Map.entry("todo el mundo", WORLD),
            Map.entry("tutto il mondo", WORLD),
            Map.entry("todo o mundo", WORLD),
            Map.entry("em todo o mundo", WORLD),
            Map.entry("wereldwijd", WORLD),
            Map.entry("hele verden", WORLD),
            Map.entry("hela varlden", WORLD),
            Map.entry("caly swiat", WORLD),
            Map.entry("dunya geneli", WORLD),
            Map.entry("dunya genelinde", WORLD),
            Map.entry("tren toan the gioi", WORLD),
            Map.entry("toan the gioi", WORLD),
            Map.entry("seluruh dunia", WORLD),
            Map.entry("全球", WORLD),
            Map.entry("世界中", WORLD),
            Map.entry(Folded.of("すべての国"), WORLD),
            Map.entry(Folded.of("전 세계"), WORLD),
            Map.entry(Folded.of("По всему миру"), WORLD),
            Map.entry(Folded.of("Весь мир"), WORLD));

    private static final Map<String, String> ENGLISH = names(Locale.ENGLISH);

    private CountryNames() {}

    /** Loads the names of all languages when it is first used. */
    private static final class OtherLanguages {

        private static final Map<String, String> NAMES = allNames();

        /** The names that mean one country only; where languages differ, the ones that most exports come in decide. */
        private static Map<String, String> allNames() {
            Map<String, String> all = new HashMap<>(unambiguous(Arrays.stream(Locale.getAvailableLocales())
                    .map(Locale::getLanguage)
                    .filter(language -> !language.isEmpty())
                    .distinct()));
            all.putAll(unambiguous(Stream.concat(CalendarWords.LANGUAGES.stream(), Stream.of("zh-Hant", "pt-PT"))));
            return Map.copyOf(all);
        }

        private static Map<String, String> unambiguous(Stream<String> languages) {
            Map<String, String> all = new HashMap<>();
            Set<String> ambiguous = new HashSet<>();
            languages.forEach(language -> names(Locale.forLanguageTag(language)).forEach((name, code) -> {
                String other = all.putIfAbsent(name, code);
                if (other != null && !other.equals(code)) {
                    ambiguous.add(name);
                }
            }));
            all.keySet().removeAll(ambiguous);
            return all;
        }
    }

    /** The code of a name; null for any other word. */
    static @Nullable String code(String folded) {
        String common = COMMON.get(folded);
        if (common != null) {
            return common;
        }
        String english = ENGLISH.get(folded);
        return english == null ? OtherLanguages.NAMES.get(folded) : english;
    }

    static String folded(String name) {
        return MARKS.matcher(Folded.of(name)).replaceAll("").replace("&", "and");
    }

    private static Map<String, String> names(Locale language) {
        Map<String, String> names = new HashMap<>();
        for (String code : Locale.getISOCountries()) {
            Locale country = new Locale("", code);
            String lowerCase = code.toLowerCase(Locale.ROOT);
            names.put(folded(country.getDisplayCountry(language)), lowerCase);
        }
        names.put(folded(new Locale("", "001").getDisplayCountry(language)), WORLD);
        return names;
    }
}
