package io.hemline.importer.parse;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Codes of countries by their names in many languages, from the JDK's locale data. */
public final class Countries {

    /** The market of the whole world. */
    public static final String WORLD = "world";

    private static final List<String> LANGUAGES = List.of(
            "en", "de", "fr", "es", "it", "pt", "nl", "vi", "ja", "zh", "ko", "pl", "sv", "da", "nb", "fi", "tr", "ru",
            "cs", "hu", "id", "th", "ro", "el");
    private static final List<String> WORLDWIDE = List.of(
            "world",
            "worldwide",
            "global",
            "all",
            "weltweit",
            "dans tous les pays",
            "monde",
            "todo el mundo",
            "tutto il mondo",
            "todo o mundo",
            "wereldwijd",
            "tr\u00ean to\u00e0n th\u1ebf gi\u1edbi",
            "to\u00e0n th\u1ebf gi\u1edbi",
            "\u3059\u3079\u3066\u306e\u56fd",
            "\u5168\u4e16\u754c",
            "\u5168\u7403",
            "\uc804 \uc138\uacc4");
    private static final Map<String, String> CODES = codes();

    private Countries() {}

    /** The ISO 3166-1 alpha-2 code of a name or code, in lower case, or {@link #WORLD}. */
    public static Optional<String> code(String name) {
        return Optional.ofNullable(CODES.get(canonical(name)));
    }

    private static Map<String, String> codes() {
        Map<String, String> codes = new HashMap<>();
        for (String country : Locale.getISOCountries()) {
            String code = country.toLowerCase(Locale.ROOT);
            codes.put(code, code);
            Locale locale = new Locale.Builder().setRegion(country).build();
            codes.putIfAbsent(canonical(locale.getISO3Country()), code);
            for (String language : LANGUAGES) {
                codes.putIfAbsent(canonical(locale.getDisplayCountry(Locale.forLanguageTag(language))), code);
            }
        }
        Map.of(
                        "u.s.",
                        "us",
                        "u.s.a.",
                        "us",
                        "uk",
                        "gb",
                        "great britain",
                        "gb",
                        "england",
                        "gb",
                        "viet nam",
                        "vn",
                        "eu",
                        "eu")
                .forEach(codes::putIfAbsent);
        WORLDWIDE.forEach(word -> codes.put(canonical(word), WORLD));
        return codes;
    }

    private static String canonical(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip();
    }
}
