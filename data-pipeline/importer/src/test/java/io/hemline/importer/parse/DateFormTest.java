package io.hemline.importer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.importer.parse.Period.Parsed;
import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.parse.Period.Unit;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateFormTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-15",
                " 2024-01-15 ",
                "2024-1-15",
                "2024/01/15",
                "2024.01.15",
                "2024. 1. 15.",
                "20240115",
                "15/01/2024",
                "15.1.2024",
                "15. 1. 2024",
                "15-01-2024",
                "15.01.24",
                "01/15/2024",
                "1/15/24",
                "Mon 1/15/2024",
                "2024-01-15T00:00:00Z",
                "2024-01-15T00:00:00.000+07:00",
                "2024-01-15 00:00",
                "2024-01-15 00:00:00 UTC",
                "2024-01-15T00:00:00+01:00[Europe/Berlin]",
                "2024-01-15 23:59:59",
                "15/01/2024 12:00:00 AM",
                "1/15/2024 12:00 am",
                "15 Jan 2024",
                "15-Jan-24",
                "15-JAN-2024",
                "Jan 15, 2024",
                "January 15th, 2024",
                "Monday, January 15, 2024",
                "Mon, 15 Jan 2024 00:00:00 GMT",
                "Mon Jan 15 2024 00:00:00 GMT+0100 (Central European Standard Time)",
                "Mon Jan 15 00:00:00 2024",
                "2024 Jan 15",
                "2024-Jan-15",
                "Jan 15, '24",
                "15. Januar 2024",
                "15 janvier 2024",
                "15 janv. 2024",
                "15 de enero de 2024",
                "15 ene 2024",
                "15 gennaio 2024",
                "15 gen 2024",
                "15 de janeiro de 2024",
                "15 jan. 2024",
                "15 januari 2024",
                "15 tháng 1, 2024",
                "ngày 15 tháng 1 năm 2024",
                "15 thg 1, 2024",
                "2024年1月15日",
                "2024年1月15日(月)",
                "２０２４年１月１５日",
                "2024년 1월 15일",
                "15 stycznia 2024",
                "15 января 2024",
                "15 Ocak 2024",
                "2024-W03-1",
                "45306",
                "45306.0",
                "1705276800",
                "1705276800000"
            })
    void readsTheDaysThatPeopleWrite(String text) {
        assertThat(parse(text)).isEqualTo(period("2024-01-15", Unit.DAY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-W05|2024-01-29",
                "2024W05|2024-01-29",
                "2024 W5|2024-01-29",
                "W05 2024|2024-01-29",
                "W5/2024|2024-01-29",
                "Week 5, 2024|2024-01-29",
                "KW 5 2024|2024-01-29",
                "2020-W53|2020-12-28",
                "2025-W01|2024-12-30",
                "2023-01-01 - 2023-01-07|2023-01-01",
                "2023-01-01/2023-01-07|2023-01-01",
                "01/01/2023 – 07/01/2023|2023-01-01",
                "29.12.2022-04.01.2023|2022-12-29",
                "12/31/2022 to 1/6/2023|2022-12-31",
                "Jan 1 – 7, 2023|2023-01-01",
                "Jan 1-7, 2023|2023-01-01",
                "1–7 Jan 2023|2023-01-01",
                "Jan 29 - Feb 4, 2023|2023-01-29",
                "29 Jan - 4 Feb 2023|2023-01-29",
                "Dec 29 - Jan 4, 2023|2022-12-29",
                "Dec 29, 2022 - Jan 4, 2023|2022-12-29"
            })
    void readsWeeksAndRangesOfSevenDays(String text, String firstDay) {
        assertThat(parse(text)).isEqualTo(period(firstDay, Unit.WEEK));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-05|2024-05-01|MONTH",
                "2024/5|2024-05-01|MONTH",
                "05/2024|2024-05-01|MONTH",
                "May 2024|2024-05-01|MONTH",
                "May-24|2024-05-01|MONTH",
                "mai 2024|2024-05-01|MONTH",
                "2024年5月|2024-05-01|MONTH",
                "Tháng 5 2024|2024-05-01|MONTH",
                "2024 Q1|2024-01-01|QUARTER",
                "2024-Q3|2024-07-01|QUARTER",
                "Q4 2024|2024-10-01|QUARTER",
                "2024|2024-01-01|YEAR",
                "2024.0|2024-01-01|YEAR"
            })
    void readsLongerPeriods(String text, String firstDay, Unit unit) {
        assertThat(parse(text)).isEqualTo(period(firstDay, unit));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "2024-02-30",
                "30/02/2024",
                "30 Feb 2024",
                "20240230",
                "2024-13-01",
                "2023-02-29",
                "1899-12-31",
                "3000-01-01",
                "0024-01-05",
                "2024-W54",
                "2024-W00",
                "2024-01-05 25:00",
                "2024-01-05 13:00 PM",
                "5/1",
                "5 Jan",
                "Jan 24",
                "Jan 8 - 14",
                "Jan 1 - 8, 2023",
                "2023-01-01 - 2023-01-31",
                "1/2-2024",
                "5 Foo 2024",
                "Total",
                "2024 Q5",
                "13/2024",
                "1.5",
                "1,234",
                "19999",
                "80001",
                "2024-01-05x",
                "May",
                "2024-01-05 2024-01-06",
                "Jan 5 2024 Feb",
                "2024-5-1-1"
            })
    void refusesWhatIsNoDate(String text) {
        assertThat(parse(text)).isEqualTo(new Parsed(null, Problem.NOT_A_DATE, false));
    }

    @Test
    void tellsAWeekThatItsYearDoesNotHave() {
        assertThat(parse("2023-W53")).isEqualTo(new Parsed(null, Problem.NO_SUCH_WEEK, false));
    }

    @Test
    void readsTwoDigitsAsAYearFrom1970To2069() {
        DateForm form = DateEvidenceTest.decide("31/12/69", "31/12/70");

        assertThat(form.parse("31/12/69")).isEqualTo(period("2069-12-31", Unit.DAY));
        assertThat(form.parse("31/12/70")).isEqualTo(period("1970-12-31", Unit.DAY));
    }

    @Test
    void readsOtherTimesAsHours() {
        assertThat(parse("2024-01-05 13:45")).isEqualTo(period("2024-01-05", Unit.HOUR));
        assertThat(parse("5 Jan 2024 1:30 pm")).isEqualTo(period("2024-01-05", Unit.HOUR));
        assertThat(parse("1704459600")).isEqualTo(period("2024-01-05", Unit.HOUR));
    }

    @Test
    void understandsTypedTimesByThemselves() {
        assertThat(DateForm.of(LocalDateTime.parse("2024-03-30T00:00"))).isEqualTo(period("2024-03-30", Unit.DAY));
        assertThat(DateForm.of(LocalDateTime.parse("2024-03-30T23:00"))).isEqualTo(shifted("2024-03-31"));
        assertThat(DateForm.of(LocalDateTime.parse("2024-03-30T22:00"))).isEqualTo(shifted("2024-03-31"));
        assertThat(DateForm.of(LocalDateTime.parse("2024-03-31T01:00"))).isEqualTo(shifted("2024-03-31"));
        assertThat(DateForm.of(LocalDateTime.parse("2024-03-30T12:30"))).isEqualTo(period("2024-03-30", Unit.HOUR));
        assertThat(DateForm.of(LocalDateTime.parse("1899-12-31T00:00")).problem())
                .isEqualTo(Problem.NOT_A_DATE);
        assertThat(DateForm.of(LocalDateTime.MAX).problem()).isEqualTo(Problem.NOT_A_DATE);
    }

    @Test
    void refusesEndlessTextsInNoTime() {
        assertThat(parse("1".repeat(5_000_000)).problem()).isEqualTo(Problem.NOT_A_DATE);
        assertThat(parse(" ".repeat(5_000_000) + "1").problem()).isEqualTo(Problem.NOT_A_DATE);
        assertThat(parse("2024-01-01" + " ".repeat(80) + "x").problem()).isEqualTo(Problem.NOT_A_DATE);
    }

    @Test
    void readsAMillionIsoDatesInSeconds() {
        String[] dates = new String[10_000];
        for (int i = 0; i < dates.length; i++) {
            dates[i] = LocalDate.of(2000, 1, 1).plusDays(i).toString();
        }
        for (int round = 0; round < 2; round++) {
            DateEvidence evidence = new DateEvidence();
            long begin = System.nanoTime();
            for (int i = 0; i < 1_000_000; i++) {
                evidence.see(dates[i % dates.length]);
            }
            DateForm form = evidence.decide(new DateHints(null, null));
            for (int i = 0; i < 1_000_000; i++) {
                assertParsed(form.parse(dates[i % dates.length]));
            }
            assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(3000);
        }
    }

    static Parsed parse(String text) {
        return DateEvidenceTest.decide(text).parse(text);
    }

    static Parsed period(String start, Unit unit) {
        return new Parsed(new Period(LocalDate.parse(start), unit), Problem.NONE, false);
    }

    static Parsed shifted(String start) {
        return new Parsed(new Period(LocalDate.parse(start), Unit.DAY), Problem.NONE, true);
    }

    private static void assertParsed(Parsed parsed) {
        if (parsed.period() == null) {
            throw new AssertionError(parsed);
        }
    }
}
