package io.hemline.importer.parse;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Codes of the countries that people name. */
public final class Countries {

    private static final Set<String> CODES = Set.of(Locale.getISOCountries());
    private static final Map<String, String> THREE_LETTERS = CODES.stream()
            .collect(Collectors.toUnmodifiableMap(
                    code -> new Locale("", code).getISO3Country(), code -> code.toLowerCase(Locale.ROOT)));
    private static final int MAX_LENGTH = 100;

    private Countries() {}

    /**
     * The ISO 3166-1 code of a country in lower case, or {@code world}; empty for any other text.
     *
     * @param name in any language of the JDK's locale data, a common abbreviation, or a code of two or three letters
     */
    public static Optional<String> code(String name) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String upper = name.strip().replace(".", "").toUpperCase(Locale.ROOT);
        if (CODES.contains(upper)) {
            return Optional.of(upper.toLowerCase(Locale.ROOT));
        }
        // In capitals first: the Vietnamese call Russia "Nga".
        Optional<String> ofThreeLetters = Optional.ofNullable(THREE_LETTERS.get(upper));
        if (ofThreeLetters.isPresent() && name.strip().equals(upper)) {
            return ofThreeLetters;
        }
        String folded = CountryNames.folded(name);
        Optional<String> named = folded.isEmpty() ? Optional.empty() : Optional.ofNullable(CountryNames.code(folded));
        return named.or(() -> ofThreeLetters);
    }
}
