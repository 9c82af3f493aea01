package io.hemline.importer.weekly;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.layout.WeekLabel;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.Rule;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Daily tables become weeks. */
class DailyTableTest {

    private static final LocalDate MONDAY = LocalDate.of(2024, 1, 1);

    @Test
    void sumsCounts() {
        TablePoints table = TablePoints.firstDays().addEach("2024-01-01", 1, days(14, 2));

        assertThat(table.only().volume()).containsExactly(14, 14);
        assertThat(table.guessed("value of a week")).containsExactly("sum (whole numbers)");
        assertThat(table.ledger.valuesKept()).isEqualTo(2);
        assertThat(table.ledger.valuesMerged()).isEqualTo(12);
    }

    @Test
    void averagesAnIndexAndMeasures() {
        double[] index = days(14, 50);
        index[3] = 100;
        TablePoints shown = TablePoints.firstDays().addEach("2024-01-01", 1, index);
        TablePoints known = new TablePoints(WeekLabel.FIRST_DAY, true, null, null).addEach("2024-01-01", 1, days(7, 3));
        TablePoints measure = TablePoints.firstDays().addEach("2024-01-01", 1, days(7, 0.5));

        assertThat(shown.only().volume()).containsExactly(400 / 7.0, 50);
        assertThat(known.only().volume()).containsExactly(3);
        assertThat(measure.only().volume()).containsExactly(0.5);
        assertThat(shown.guessed("value of a week")).containsExactly("mean (an index of 0 to 100)");
        assertThat(measure.guessed("value of a week")).containsExactly("mean (not whole numbers)");
    }

    @Test
    void obeysTheOptionForTheValue() {
        TablePoints table = new TablePoints(WeekLabel.FIRST_DAY, false, null, Aggregation.MEAN)
                .addEach("2024-01-01", 1, days(7, 2));

        assertThat(table.only().volume()).containsExactly(2);
        assertThat(table.guessed("value of a week")).isEmpty();
    }

    @Test
    void refusesAFirstAndALastWeekThatLackDays() {
        TablePoints table = TablePoints.firstDays().addEach("2024-01-03", 1, days(21, 1));

        WeeklySeries series = table.only();

        assertThat(series.lastWeek()).isEqualTo("2024-01-15");
        assertThat(series.volume()).containsExactly(7, 7);
        assertThat(table.ledger.applied()).containsEntry(Rule.PARTIAL_WEEK, 7L);
        assertThat(table.balances()).isTrue();
    }

    @Test
    void refusesADayThatIsNotOver() {
        TablePoints table = TablePoints.firstDays().addEach("2026-11-16", 1, days(17, 1));

        assertThat(table.only().lastWeek()).isEqualTo("2026-11-23");
        assertThat(table.told(Rule.PARTIAL_WEEK))
                .containsExactly("t.csv, row 16, column 2: 2026-12-01", "t.csv, row 15, column 2: 2026-11-30");
        assertThat(table.told(Rule.IN_THE_FUTURE)).containsExactly("t.csv, row 17, column 2: 2026-12-02");
    }

    @Test
    void takesFiveDaysAsAWeekOfBusinessDays() {
        TablePoints table = TablePoints.firstDays();
        for (int day = 0; day < 26; day++) {
            if (MONDAY.plusDays(day).getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0) {
                table.add(MONDAY.plusDays(day).toString(), 1);
            }
        }

        assertThat(table.only().volume()).containsExactly(5, 5, 5, 5);
        assertThat(table.guessed("frequency")).containsExactly("daily, Monday to Friday");
    }

    @Test
    void keepsWeeksInsideThatLackDaysAndTellsThem() {
        TablePoints table =
                TablePoints.firstDays().addEach("2024-01-01", 1, days(9, 1)).addEach("2024-01-12", 1, days(10, 1));

        assertThat(table.only().volume()).containsExactly(7, 5, 7);
        assertThat(table.told(Rule.MISSING_DAYS)).containsExactly("t.csv, row 1, column 2: wideleg: 1 week");
    }

    @Test
    void takesTheTablesDaysAsThoseOfASeriesThatIsSeldomSold() {
        SeriesName seldom = new SeriesName("seldom", "vn", null, null);
        TablePoints table = TablePoints.firstDays().addEach("2024-01-01", 1, days(28, 1));
        for (int day : new int[] {2, 9, 15, 26}) {
            table.add(seldom, MONDAY.plusDays(day), Unit.DAY, 3, false);
        }

        assertThat(table.finish().get(1).volume()).containsExactly(3, 3, 3, 3);
        assertThat(table.ledger.applied()).doesNotContainKey(Rule.PARTIAL_WEEK);
    }

    @Test
    void refusesAWeekWhoseSumIsTooLarge() {
        TablePoints table =
                TablePoints.firstDays().addEach("2024-01-01", 1, days(7, 1e30)).addEach("2024-01-08", 1, days(7, 1));

        assertThat(table.only().volume()).containsExactly(7);
        assertThat(table.ledger.applied()).containsEntry(Rule.TOO_LARGE, 7L);
        assertThat(table.balances()).isTrue();
    }

    private static double[] days(int count, double value) {
        double[] days = new double[count];
        Arrays.fill(days, value);
        return days;
    }
}
