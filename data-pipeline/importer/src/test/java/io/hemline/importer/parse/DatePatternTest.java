package io.hemline.importer.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.ImportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatePatternTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "dd/MM/yyyy|05/09/2024|2024-09-05|DAY",
                "d/M/uuuu|5/9/2024|2024-09-05|DAY",
                "DD/MM/YYYY|05/09/2024|2024-09-05|DAY",
                "yyyy-mm-dd|2024-09-05|2024-09-05|DAY",
                "dd/mm/yy|05/09/24|2024-09-05|DAY",
                "yy-MM-dd|70-09-05|1970-09-05|DAY",
                "d MMM yyyy|5 SEP 2024|2024-09-05|DAY",
                "EEEE, MMMM d, yyyy|Thursday, September 5, 2024|2024-09-05|DAY",
                "yyyyMMdd|20240905|2024-09-05|DAY",
                "yyyy-DDD|2024-249|2024-09-05|DAY",
                "yyyy-MM-dd HH:mm|2024-09-05 00:00|2024-09-05|DAY",
                "yyyy-MM-dd HH:mm|2024-09-05 13:00|2024-09-05|HOUR",
                "yyyy-MM-dd'T'HH:mmX|2024-09-05T00:00Z|2024-09-05|DAY",
                "%d/%m/%Y|05/09/2024|2024-09-05|DAY",
                "%d/%m/%Y|5/9/2024|2024-09-05|DAY",
                "%Y%m%d|20240905|2024-09-05|DAY",
                "%b %d, %Y|Sep 5, 2024|2024-09-05|DAY",
                "%m/%d/%y|9/5/24|2024-09-05|DAY",
                "Week of %d %B %Y|Week of 5 September 2024|2024-09-05|DAY",
                "%Y-%m-%dT%H:%M:%S%z|2024-09-05T00:00:00+07:00|2024-09-05|DAY",
                "%F %T|2024-09-05 00:00:00|2024-09-05|DAY",
                "%G-W%V|2024-W05|2024-01-29|WEEK",
                "%G-W%V-%u|2024-W05-2|2024-01-30|DAY",
                "YYYY-'W'ww|2024-W05|2024-01-29|WEEK",
                "MM/yyyy|05/2024|2024-05-01|MONTH",
                "'Q'Q yyyy|Q2 2024|2024-04-01|QUARTER",
                "yyyy|2024|2024-01-01|YEAR"
            })
    void readsWithThePatternOfTheOption(String pattern, String text, String start, Unit unit) {
        DateForm form = new DateEvidence().decide(new DateHints(pattern, null));

        assertThat(form.parse(text)).isEqualTo(DateFormTest.period(start, unit));
        assertThat(form.guessed()).isFalse();
        assertThat(form.describe()).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "dd/MM/yyyy|30/02/2024",
                "dd/MM/yyyy|2024-01-01",
                "dd/MM/yyyy|01/01/2024 x",
                "dd/MM/yyyy|01/01/1899",
                "YYYY-'W'ww|2023-W53"
            })
    void refusesWhatThePatternDoesNotRead(String pattern, String text) {
        DateForm form = new DateEvidence().decide(new DateHints(pattern, null));

        assertThat(form.parse(text).period()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dd/qq/bb", "HH:mm", "dd/MM", "%d/%m", "%Q", "%", "'open", "day", "a\nb"})
    void refusesAPatternWithoutDateAndNamesTheOption(String pattern) {
        assertThatThrownBy(() -> new DateEvidence().decide(new DateHints(pattern, null)))
                .isInstanceOf(ImportException.class)
                .hasMessageStartingWith("--date-format \"")
                .hasMessageContaining("dd/MM/yyyy")
                .hasMessageNotContaining("\n");
    }

    @Test
    void appliesThePatternAlsoToShiftedMidnights() {
        DateEvidence evidence = new DateEvidence();
        evidence.see("01/02/2024 23:00");
        evidence.see("02/04/2024 22:00");

        DateForm form = evidence.decide(new DateHints("MM/dd/yyyy HH:mm", null));

        assertThat(form.parse("01/02/2024 23:00")).isEqualTo(DateFormTest.shifted("2024-01-03"));
    }
}
