package io.hemline.importer.weekly;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.importer.layout.WeekLabel;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.Rule;
import java.time.DayOfWeek;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** Weekly tables; {@link DailyTableTest} has daily ones. */
class WeeklyTableTest {

    @Test
    void keepsWeeksFromMonday() {
        TablePoints table = TablePoints.firstDays().addEach("2024-01-01", 7, 1.5, 2, 3);

        WeeklySeries series = table.only();

        assertThat(series.lastWeek()).isEqualTo("2024-01-15");
        assertThat(series.volume()).containsExactly(1.5, 2, 3);
        assertThat(series.table()).isEqualTo("t.csv");
        assertThat(table.guessed("weeks")).containsExactly("weeks start on Monday");
        assertThat(table.ledger.valuesKept()).isEqualTo(3);
    }

    @Test
    void movesWeeksToTheMondayWeekThatHoldsMostOfTheirDays() {
        assertThat(lastWeek("2024-01-18")).isEqualTo("2024-01-15");
        assertThat(lastWeek("2024-01-19")).isEqualTo("2024-01-22");
        assertThat(lastWeek("2024-01-21")).isEqualTo("2024-01-22");
        assertThat(lastWeek("2024-01-22")).isEqualTo("2024-01-22");
    }

    @Test
    void tellsWhatBecomesOfWeeksFromSunday() {
        TablePoints table = TablePoints.firstDays().addEach("2024-01-07", 7, 1, 2);

        assertThat(table.only().lastWeek()).isEqualTo("2024-01-15");
        assertThat(table.guessed("weeks"))
                .containsExactly("weeks start on Sunday; each becomes the week of the next Monday");
    }

    @Test
    void takesTheWeekBeforeADateThatEndsIt() {
        TablePoints sunday = TablePoints.labelled(WeekLabel.LAST_DAY).addEach("2024-01-07", 7, 1, 2);
        TablePoints saturday = TablePoints.labelled(WeekLabel.LAST_DAY).addEach("2024-01-06", 7, 1, 2);

        assertThat(sunday.only().lastWeek()).isEqualTo("2024-01-08");
        assertThat(saturday.only().lastWeek()).isEqualTo("2024-01-08");
        assertThat(saturday.guessed("weeks"))
                .containsExactly(
                        "dates are the last day of a week, Saturday; each becomes the week of the next Monday");
    }

    @Test
    void takesUnlabelledSaturdaysAsLastDaysAndSundaysAsFirstDays() {
        TablePoints saturday = TablePoints.labelled(WeekLabel.UNKNOWN).addEach("2024-01-06", 7, 1, 2);
        TablePoints sunday = TablePoints.labelled(WeekLabel.UNKNOWN).addEach("2024-01-07", 7, 1, 2);

        assertThat(saturday.only().lastWeek()).isEqualTo("2024-01-08");
        assertThat(sunday.only().lastWeek()).isEqualTo("2024-01-15");
    }

    @Test
    void obeysTheOptionForTheFirstDayOfWeeks() {
        assertThat(lastWeekOfWeeksFrom(DayOfWeek.SUNDAY, "2024-01-14")).isEqualTo("2024-01-15");
        assertThat(lastWeekOfWeeksFrom(DayOfWeek.SUNDAY, "2024-01-13")).isEqualTo("2024-01-08");
        assertThat(lastWeekOfWeeksFrom(DayOfWeek.MONDAY, "2024-01-14")).isEqualTo("2024-01-08");
        assertThat(lastWeekOfWeeksFrom(DayOfWeek.MONDAY, "2024-01-10")).isEqualTo("2024-01-08");
    }

    @Test
    void keepsWeeksThatTheTextNamesWhateverTheLabel() {
        TablePoints table = TablePoints.labelled(WeekLabel.LAST_DAY)
                .add(TablePoints.WIDELEG, LocalDate.of(2024, 1, 1), Unit.WEEK, 1, false)
                .add(TablePoints.WIDELEG, LocalDate.of(2024, 1, 8), Unit.WEEK, 2, false);

        assertThat(table.only().lastWeek()).isEqualTo("2024-01-08");
    }

    @Test
    void mergesTwoDatesOfOneWeekByTheAggregation() {
        TablePoints table = TablePoints.firstDays()
                .add("2024-01-01", 1)
                .add("2024-01-08", 2)
                .add("2024-01-14", 5)
                .add("2024-01-17", 7)
                .add("2024-01-22", 4);

        assertThat(table.only().volume()).containsExactly(1, 2, 12, 4);
        assertThat(table.told(Rule.SAME_WEEK)).containsExactly("t.csv, row 1, column 2: wideleg: 1 week");
        assertThat(table.guessed("value of a week")).containsExactly("sum (whole numbers)");
        assertThat(table.ledger.valuesMerged()).isEqualTo(1);
        assertThat(table.balances()).isTrue();
    }

    @Test
    void usesTheLaterOfTwoValuesOfOneDate() {
        TablePoints table = TablePoints.firstDays()
                .add("2024-01-01", 1)
                .add("2024-01-08", 2)
                .add("2024-01-08", 2)
                .add("2024-01-01", 9);

        assertThat(table.only().volume()).containsExactly(9, 2);
        assertThat(table.told(Rule.DUPLICATE)).containsExactly("t.csv, row 3, column 2: wideleg, 2024-01-08");
        assertThat(table.told(Rule.CONFLICT))
                .containsExactly("t.csv, row 4, column 2: wideleg, 2024-01-01: 9.0 instead of 1.0 of row 1");
        assertThat(table.told(Rule.UNSORTED)).containsExactly("t.csv, row 1, column 2: wideleg");
        assertThat(table.balances()).isTrue();
    }

    @Test
    void refusesDatesBefore1970AndInTheFuture() {
        TablePoints table = TablePoints.firstDays()
                .addEach("2026-11-02", 7, 1, 2)
                .add("1969-12-29", 1)
                .add("2026-12-07", 1)
                .add("9999-12-27", 1);

        assertThat(table.only().lastWeek()).isEqualTo("2026-11-09");
        assertThat(table.told(Rule.BEFORE_1970)).containsExactly("t.csv, row 3, column 2: 1969-12-29");
        assertThat(table.told(Rule.IN_THE_FUTURE)).hasSize(2);
        assertThat(table.balances()).isTrue();
    }

    @Test
    void refusesAWeekThatIsNotOverAndOneThatTheFileMarksAsPartial() {
        TablePoints running = TablePoints.firstDays().addEach("2026-11-16", 7, 1, 2, 3);
        TablePoints ending = TablePoints.labelled(WeekLabel.LAST_DAY).addEach("2026-11-15", 7, 1, 2, 3, 4);
        TablePoints marked = TablePoints.firstDays()
                .add("2024-01-01", 1)
                .add(TablePoints.WIDELEG, LocalDate.of(2024, 1, 8), Unit.DAY, 2, true);

        assertThat(running.only().lastWeek()).isEqualTo("2026-11-23");
        assertThat(ending.only().lastWeek()).isEqualTo("2026-11-23");
        assertThat(marked.only().lastWeek()).isEqualTo("2024-01-01");
        assertThat(running.told(Rule.PARTIAL_WEEK)).containsExactly("t.csv, row 3, column 2: 2026-11-30");
        assertThat(ending.told(Rule.PARTIAL_WEEK)).containsExactly("t.csv, row 4, column 2: 2026-12-06");
    }

    @Test
    void tellsGapsOnceASeries() {
        TablePoints table =
                TablePoints.firstDays().addEach("2024-01-01", 7, 1, 2, 3).addEach("2024-02-05", 7, 4, 5);

        assertThat(table.only().volume()).containsExactly(1, 2, 3, Double.NaN, Double.NaN, 4, 5);
        assertThat(table.told(Rule.GAP)).containsExactly("t.csv, row 1, column 2: wideleg: 2 weeks");
    }

    @Test
    void refusesWhatIsOlderThan520Weeks() {
        TablePoints table = TablePoints.firstDays().addEach("2014-01-06", 7, new double[523]);

        assertThat(table.only().volume()).hasSize(520);
        assertThat(table.told(Rule.BEYOND_520_WEEKS)).hasSize(3);
        assertThat(table.balances()).isTrue();
    }

    @Test
    void leavesOutASeriesWithoutAnyValue() {
        TablePoints table = TablePoints.firstDays().add("1950-01-02", 1);

        assertThat(table.finish()).isEmpty();
        assertThat(table.told(Rule.NO_VALUE)).containsExactly("t.csv: wideleg");
    }

    @Test
    void refusesAMonthAmongWeeks() {
        TablePoints table = TablePoints.firstDays()
                .addEach("2024-01-01", 7, 1, 2, 3)
                .add(TablePoints.WIDELEG, LocalDate.of(2024, 1, 1), Unit.MONTH, 6, false);

        assertThat(table.only().volume()).containsExactly(1, 2, 3);
        assertThat(table.told(Rule.OTHER_PERIOD)).containsExactly("t.csv, row 4, column 2: 2024-01-01");
    }

    private static LocalDate lastWeek(String date) {
        LocalDate last = LocalDate.parse(date);
        return TablePoints.firstDays()
                .add(last.minusDays(7).toString(), 1)
                .add(date, 2)
                .only()
                .lastWeek();
    }

    private static LocalDate lastWeekOfWeeksFrom(DayOfWeek starts, String date) {
        return new TablePoints(WeekLabel.FIRST_DAY, false, starts, null)
                .add(date, 2)
                .only()
                .lastWeek();
    }
}
