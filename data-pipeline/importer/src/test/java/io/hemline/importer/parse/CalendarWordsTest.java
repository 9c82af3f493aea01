package io.hemline.importer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Month;
import java.time.format.TextStyle;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CalendarWordsTest {

    @Test
    void givesEveryNameOfAMonthItsMonthInAllLanguages() {
        for (String language : CalendarWords.LANGUAGES) {
            for (Month month : Month.values()) {
                for (TextStyle style : new TextStyle[] {TextStyle.FULL, TextStyle.SHORT}) {
                    String name = Folded.of(month.getDisplayName(style, Locale.forLanguageTag(language)));

                    if (name.chars().noneMatch(Character::isDigit)) {
                        assertThat(CalendarWords.month(name.replaceAll("\\.$", "")))
                                .as(language + " " + name)
                                .isEqualTo(month.getValue());
                    }
                }
            }
        }
    }

    @Test
    void knowsTheDaysOfTheWeek() {
        assertThat(CalendarWords.isDayOfWeek("monday")).isTrue();
        assertThat(CalendarWords.isDayOfWeek("dienstag")).isTrue();
        assertThat(CalendarWords.isDayOfWeek("may")).isFalse();
    }
}
