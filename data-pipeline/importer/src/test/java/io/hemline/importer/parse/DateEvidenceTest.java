package io.hemline.importer.parse;

import static io.hemline.importer.parse.DateFormTest.period;
import static io.hemline.importer.parse.DateFormTest.shifted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.parse.Period.Unit;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateEvidenceTest {

    private static final DateHints NO_HINTS = new DateHints(null, null);

    @Test
    void decidesDayAndMonthByOneDayAfterTheTwelfth() {
        assertThat(decide("01/02/2024", "13/02/2024").describe()).isEqualTo("day/month/year");
        assertThat(decide("01/02/2024", "02/13/2024").describe()).isEqualTo("month/day/year");
        assertThat(decide("01/02/2024", "13/02/2024").guessed()).isFalse();
    }

    @Test
    void decidesDayAndMonthByEvenSpacing() {
        DateForm dayFirst = decide("03/02/2024", "10/02/2024", "02/03/2024", "09/03/2024", "06/04/2024");
        DateForm monthFirst = decide("02/03/2024", "02/10/2024", "03/02/2024", "03/09/2024", "04/06/2024");

        assertThat(dayFirst.describe()).isEqualTo("day/month/year");
        assertThat(dayFirst.guessed()).isFalse();
        assertThat(monthFirst.describe()).isEqualTo("month/day/year");
        assertThat(monthFirst.guessed()).isFalse();
    }

    @Test
    void decidesMonthFirstForWeeksThatAreEvenOnlySo() {
        // Saturdays to Thursdays of a file with gaps: all days are at most 12, weeks only if the month stands first.
        List<String> texts = Stream.of(
                        "2024-03-02",
                        "2024-03-09",
                        "2024-04-06",
                        "2024-05-04",
                        "2024-05-11",
                        "2024-06-01",
                        "2024-06-08",
                        "2024-07-06")
                .map(date -> LocalDate.parse(date).format(DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.ROOT)))
                .toList();

        DateForm form = decide(texts);

        assertThat(form.describe()).isEqualTo("month/day/year");
        assertThat(form.guessed()).isFalse();
    }

    @Test
    void guessesByTheMarketWhereNothingDecides() {
        DateEvidence evidence = evidence(List.of("01/02/2024", "01/03/2024"));

        assertThat(evidence.decide(NO_HINTS).describe()).isEqualTo("day/month/year");
        assertThat(evidence.decide(NO_HINTS).guessed()).isTrue();
        assertThat(evidence.decide(new DateHints(null, "us")).describe()).isEqualTo("month/day/year");
        assertThat(evidence.decide(new DateHints(null, "us")).guessed()).isTrue();
        assertThat(evidence.decide(new DateHints(null, "de")).describe()).isEqualTo("day/month/year");
    }

    @Test
    void guessesNothingWhereTheOrderMakesNoDifference() {
        assertThat(decide("01/01/2024", "02/02/2024").guessed()).isFalse();
    }

    @Test
    void refusesTheTextsThatContradictTheDecision() {
        DateForm form = decide("13/01/2024", "14/01/2024", "01/15/2024");

        assertThat(form.parse("01/15/2024").problem()).isEqualTo(Problem.NOT_A_DATE);
    }

    @Test
    void takesFiveDigitsForDatesOnlyIfTheWholeColumnIsEvenlySpaced() {
        assertThat(evidence(List.of("45292", "45299", "45306")).share()).isEqualTo(1);
        assertThat(evidence(List.of("45292", "45299", "45306", "81234")).share())
                .isZero();
        assertThat(evidence(List.of("45292", "31077", "20345", "77123")).share())
                .isZero();
        assertThat(evidence(List.of("2024", "1950", "2117", "2961")).share()).isZero();
    }

    @Test
    void tellsTheShareOfDates() {
        assertThat(evidence(List.of("2024-01-01", "2024-01-08", "", "Total")).share())
                .isCloseTo(0.667, within(0.001));
        assertThat(evidence(List.of("1", "2.5", "13", "10000000000", "<1")).share())
                .isZero();
        assertThat(new DateEvidence().share()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin",
                "Europe/London",
                "America/New_York",
                "Asia/Ho_Chi_Minh",
                "Asia/Kolkata",
                "Australia/Sydney",
                "Pacific/Auckland",
                "America/Los_Angeles"
            })
    void readsLocalMidnightsInUtcAsTheirDays(String zone) {
        List<LocalDate> days = IntStream.range(0, 60)
                .mapToObj(week -> LocalDate.of(2024, 1, 7).plusWeeks(week))
                .toList();
        List<String> texts = days.stream()
                .map(day -> day.atStartOfDay(ZoneId.of(zone)).toInstant().toString())
                .toList();

        DateForm form = decide(texts);

        for (int i = 0; i < days.size(); i++) {
            Period.Parsed parsed = form.parse(texts.get(i));
            assertThat(parsed.period()).isEqualTo(new Period(days.get(i), Unit.DAY));
            assertThat(parsed.shifted()).isEqualTo(!texts.get(i).contains("T00:00"));
        }
    }

    @Test
    void readsTimesWithoutZoneNearMidnightAsShifted() {
        DateForm form = decide("2024-03-30 23:00", "2024-03-31 22:00");

        assertThat(form.parse("2024-03-30 23:00")).isEqualTo(shifted("2024-03-31"));
        assertThat(form.parse("2024-03-31 22:00")).isEqualTo(shifted("2024-04-01"));
    }

    @Test
    void readsAllHoursOfADayAsHours() {
        DateForm form = decide("2024-03-30T22:00Z", "2024-03-30T23:00Z", "2024-03-31T00:00Z", "2024-03-31T01:00Z");

        assertThat(form.parse("2024-03-30T23:00Z")).isEqualTo(period("2024-03-30", Unit.HOUR));
        assertThat(form.parse("2024-03-31T00:00Z")).isEqualTo(period("2024-03-31", Unit.DAY));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "yyyy-MM-dd|en",
                "yyyy/MM/dd|en",
                "yyyy.MM.dd|en",
                "yyyyMMdd|en",
                "dd/MM/yyyy|en",
                "d.M.yyyy|en",
                "d-M-yyyy|en",
                "MM/dd/yyyy|en",
                "M/d/yy|en",
                "dd.MM.yy|en",
                "yyyy-MM-dd'T'HH:mm:ss'Z'|en",
                "dd/MM/yyyy HH:mm|en",
                "M/d/yyyy h:mm:ss a|en",
                "d MMM yyyy|en",
                "MMM d, yyyy|en",
                "dd-MMM-yy|en",
                "EEEE, MMMM d, yyyy|en",
                "EEE, d MMM yyyy HH:mm:ss|en",
                "d. MMMM yyyy|de",
                "EEE, d. MMM yyyy|de",
                "d MMMM yyyy|fr",
                "EEE d MMM yyyy|fr",
                "d 'de' MMMM 'de' yyyy|es",
                "EEE, d MMM yyyy|es",
                "d MMM yyyy|it",
                "EEE d MMM yyyy|it",
                "EEE, d 'de' MMM. 'de' yyyy|pt",
                "d MMM yyyy|nl",
                "EEEE d MMMM yyyy|nl",
                "d MMM, yyyy|vi",
                "'ngày' d MMMM 'năm' yyyy|vi",
                "yyyy年M月d日|ja",
                "yyyy年M月d日EEEE|zh",
                "yyyy년 M월 d일 EEEE|ko",
                "d MMM yyyy|sv",
                "d MMMM yyyy|pl",
                "d. MMMM yyyy|cs",
                "yyyy. MMMM d.|hu",
                "d MMMM yyyy|ru",
                "d MMMM yyyy|tr",
                "d MMM yyyy|id",
                "YYYY-'W'ww-e|en-u-rg-gbzzzz"
            })
    void readsRandomDaysInEveryFormBack(String pattern, String language) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.forLanguageTag(language));
        SplittableRandom random = new SplittableRandom(11);
        for (int table = 0; table < 20; table++) {
            List<LocalDate> days = random.ints(40, 0, 30_000)
                    .mapToObj(day -> LocalDate.of(1980, 1, 1).plusDays(day))
                    .toList();
            readsBack(days, day -> day.atStartOfDay().format(format), UnaryOperator.identity());
        }
    }

    @Test
    void readsRandomEpochsAndExcelDaysBack() {
        List<LocalDate> days = IntStream.range(0, 40)
                .mapToObj(week -> LocalDate.of(2019, 5, 5).plusWeeks(week))
                .toList();

        readsBack(days, day -> String.valueOf(day.toEpochDay() + 25_569), UnaryOperator.identity());
        readsBack(days, day -> String.valueOf(second(day)), UnaryOperator.identity());
        readsBack(days, day -> String.valueOf(second(day) * 1000), UnaryOperator.identity());
        readsBack(days, day -> String.valueOf(second(day) - 7200), UnaryOperator.identity());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "yyyy-MM-dd' - '|yyyy-MM-dd", "dd/MM/yyyy' – '|dd/MM/yyyy", "M/d/yyyy' to '|M/d/yyyy",
                "MMM d, yyyy' – '|MMM d, yyyy", "d MMM' - '|d MMM yyyy", "MMM d' – '|MMM d, yyyy"
            })
    void readsRandomRangesOfSevenDaysBack(String first, String last) {
        DateTimeFormatter firstFormat = DateTimeFormatter.ofPattern(first, Locale.ENGLISH);
        DateTimeFormatter lastFormat = DateTimeFormatter.ofPattern(last, Locale.ENGLISH);
        List<LocalDate> days = new SplittableRandom(12)
                .ints(200, 0, 15_000)
                .mapToObj(day -> LocalDate.of(1990, 1, 1).plusDays(day))
                .toList();
        List<String> texts = days.stream()
                .map(day -> day.format(firstFormat) + day.plusDays(6).format(lastFormat))
                .toList();

        DateForm form = decide(texts);

        for (int i = 0; i < texts.size(); i++) {
            assertThat(form.parse(texts.get(i)).period())
                    .as(texts.get(i))
                    .isEqualTo(new Period(days.get(i), Unit.WEEK));
        }
    }

    private static long second(LocalDate day) {
        return day.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    }

    private static void readsBack(
            List<LocalDate> days,
            java.util.function.Function<LocalDate, String> write,
            UnaryOperator<LocalDate> expected) {
        List<String> texts = days.stream().map(write).toList();
        DateForm form = decide(texts);
        for (int i = 0; i < days.size(); i++) {
            Period period = form.parse(texts.get(i)).period();
            assertThat(period)
                    .as("%s as %s", texts.get(i), form.describe())
                    .isEqualTo(new Period(expected.apply(days.get(i)), Unit.DAY));
        }
        assertThat(form.guessed()).isFalse();
    }

    @Test
    void understandsTheSameDayFromTypedCellsAndFromText() {
        LocalDateTime typed = LocalDateTime.parse("2024-06-01T22:00");

        assertThat(DateForm.of(typed)).isEqualTo(decide("2024-06-01T22:00:00Z").parse("2024-06-01T22:00:00Z"));
    }

    static DateForm decide(String... texts) {
        return decide(List.of(texts));
    }

    private static DateForm decide(List<String> texts) {
        return evidence(texts).decide(NO_HINTS);
    }

    private static DateEvidence evidence(List<String> texts) {
        DateEvidence evidence = new DateEvidence();
        texts.forEach(evidence::see);
        return evidence;
    }
}
