package io.hemline.importer.weekly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.ImportException;
import java.time.LocalDate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which frequencies are told from the dates of a table, and which are refused. */
class FrequencyTest {

    private static final LocalDate MONDAY = LocalDate.of(2024, 1, 1);

    private final TablePoints table = TablePoints.firstDays();

    @Test
    void refusesPlainDatesThatAreMonthsQuartersAndYears() {
        assertRefused(steps("2023-01-01", 1, 24), "months (2023-01 … 2024-12)");
        assertRefused(steps("2023-01-31", 1, 24), "months (2023-01 … 2024-12)");
        assertRefused(steps("2023-01-01", 3, 8), "quarters (2023-Q1 … 2024-Q4)");
        assertRefused(steps("2019-12-31", 12, 5), "years (2019 … 2023)");
    }

    @Test
    void refusesPeriodsThatTheTextNamesAsMonths() {
        for (int month = 1; month <= 12; month++) {
            table.add(TablePoints.WIDELEG, LocalDate.of(2024, month, 1), Unit.MONTH, 1, false);
        }

        assertRefused(table, "months (2024-01 … 2024-12)");
    }

    @Test
    void refusesHours() {
        for (int hour = 0; hour < 72; hour++) {
            Unit unit = hour % 24 == 0 ? Unit.DAY : Unit.HOUR;
            table.add(TablePoints.WIDELEG, MONDAY.plusDays(hour / 24), unit, hour, false);
        }

        assertRefused(table, "hours (2024-01-01 … 2024-01-03)");
    }

    @Test
    void refusesIrregularDates() {
        table.addEach("2024-01-01", 45, 1, 2, 3, 4);

        assertRefused(table, "irregular, typically 45 days apart (2024-01-01 … 2024-05-15)");
    }

    @Test
    void refusesFourWeeksAsIrregular() {
        table.addEach("2024-01-01", 28, 1, 2, 3, 4);

        assertRefused(table, "irregular, typically 28 days apart (2024-01-01 … 2024-03-25)");
    }

    @Test
    void readsOneTimeADayAsDaily() {
        for (int day = 0; day < 14; day++) {
            table.add(TablePoints.WIDELEG, MONDAY.plusDays(day), Unit.HOUR, 1, false);
        }

        assertThat(table.only().volume()).containsExactly(7, 7);
        assertThat(table.guessed("frequency")).containsExactly("daily");
        assertThat(table.guessed("times of the day")).hasSize(1);
    }

    @Test
    void readsDaysWithManyGapsAsDaily() {
        SplittableRandom random = new SplittableRandom(1);
        for (int day = 0; day < 200; day++) {
            if (random.nextDouble() < 0.5) {
                table.add(TablePoints.WIDELEG, MONDAY.plusDays(day), Unit.DAY, 1, false);
            }
        }

        table.finish();

        assertThat(table.guessed("frequency")).containsExactly("daily");
    }

    @Test
    void readsWeeksWithGapsAsWeekly() {
        table.add("2024-01-01", 1)
                .add("2024-01-15", 2)
                .add("2024-02-05", 3)
                .add("2024-02-12", 4)
                .add("2024-03-04", 5);

        assertThat(table.only().volume()).hasSize(10);
        assertThat(table.guessed("frequency")).containsExactly("weekly");
    }

    @Test
    void readsTwoSeriesWhoseWeeksStartOnNeighbouringDaysAsWeekly() {
        SeriesName skirt = new SeriesName("skirt", null, null, null);
        for (int week = 0; week < 10; week++) {
            table.add(TablePoints.WIDELEG, MONDAY.plusWeeks(week), Unit.DAY, 1, false);
            table.add(skirt, MONDAY.minusDays(1).plusWeeks(week), Unit.DAY, 1, false);
        }

        assertThat(table.finish())
                .allSatisfy(series -> assertThat(series.volume()).hasSize(10));
        assertThat(table.guessed("frequency")).containsExactly("weekly");
    }

    @Test
    void readsOneDateAsAWeek() {
        table.add("2024-01-01", 3);

        assertThat(table.only().volume()).containsExactly(3);
        assertThat(table.guessed("frequency")).containsExactly("weekly (there is only one date)");
    }

    private static TablePoints steps(String first, int months, int count) {
        TablePoints points = TablePoints.firstDays();
        for (int i = 0; i < count; i++) {
            points.add(LocalDate.parse(first).plusMonths((long) months * i).toString(), 5);
        }
        return points;
    }

    private static void assertRefused(TablePoints table, String dates) {
        assertThatThrownBy(table::finish)
                .isInstanceOf(ImportException.class)
                .hasMessage("t.csv: the dates are " + dates + ": weekly or daily data are needed");
    }
}
