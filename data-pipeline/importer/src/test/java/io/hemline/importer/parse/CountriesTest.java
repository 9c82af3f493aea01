package io.hemline.importer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountriesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "US|us",
                "vn|vn",
                "USA|us",
                "usa|us",
                "nga|ru",
                "NGA|ng",
                "U.S.|us",
                "United States|us",
                "United States of America|us",
                "UK|gb",
                "United Kingdom|gb",
                "Great Britain|gb",
                "DEU|de",
                "Germany|de",
                " germany |de",
                "Deutschland|de",
                "Allemagne|de",
                "Alemania|de",
                "ドイツ|de",
                "Vietnam|vn",
                "Viet Nam|vn",
                "Việt Nam|vn",
                "Viêt Nam|vn",
                "Estados Unidos|us",
                "États-Unis|us",
                "Etats-Unis|us",
                "美国|us",
                "美國|us",
                "США|us",
                "Росія|ru",
                "Россия|ru",
                "South Korea|kr",
                "대한민국|kr",
                "Türkiye|tr",
                "Turkey|tr",
                "Côte d’Ivoire|ci",
                "Cote d'Ivoire|ci",
                "Bosnia and Herzegovina|ba",
                "Czech Republic|cz",
                "Niger|ne",
                "Nigeria|ng",
                "Hong Kong|hk",
                "Brasil|br",
                "日本|jp",
                "中国|cn",
                "Österreich|at",
                "Schweiz|ch",
                "Suisse|ch",
                "Pays-Bas|nl",
                "Vereinigtes Königreich|gb",
                "Worldwide|world",
                "World|world",
                "Weltweit|world",
                "Dans tous les pays|world",
                "Todo el mundo|world",
                "Trên toàn thế giới|world",
                "すべての国|world",
                "全球|world",
                "전 세계|world",
                "Monde|world",
                "Welt|world"
            })
    void findsTheCountryThatPeopleName(String name, String code) {
        assertThat(Countries.code(name)).contains(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "xx", "Atlantis", "jeans", "US-CA", "eu", "skirt (midi)"})
    void findsNoneInOtherTexts(String name) {
        assertThat(Countries.code(name)).isEmpty();
    }

    @Test
    void findsNoneInAnEndlessText() {
        assertThat(Countries.code("a".repeat(10_000_000))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "it", "pt", "nl", "vi", "ja", "zh", "ko", "pl", "sv", "tr", "ru"})
    void readsTheNamesOfAllCountriesBack(String language) {
        for (String code : Locale.getISOCountries()) {
            if (Set.of("CG", "CD").contains(code)) {
                continue; // Languages differ about which of the two is "Kongo" alone.
            }
            String name = new Locale("", code).getDisplayCountry(Locale.forLanguageTag(language));

            assertThat(Countries.code(name)).as(name).hasValue(code.toLowerCase(Locale.ROOT));
        }
    }
}
