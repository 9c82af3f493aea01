package io.hemline.importer.weekly;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.layout.WeekLabel;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.ImportException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Properties that hold for every table. */
class RandomTablesTest {

    private static final int TABLES = 3000;
    private static final List<Unit> UNITS =
            List.of(Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.HOUR, Unit.QUARTER, Unit.YEAR);
    private static final List<WeekLabel> LABELS = List.of(WeekLabel.values());

    @Test
    void eachPointIsKeptMergedOrRefusedExactlyOnce() {
        SplittableRandom random = new SplittableRandom(27);
        int finished = 0;
        for (int i = 0; i < TABLES; i++) {
            TablePoints table = randomTable(random);
            List<WeeklySeries> all;
            try {
                all = table.finish();
            } catch (ImportException e) {
                continue;
            }
            finished++;

            assertThat(table.balances()).as("table %d", i).isTrue();
            assertThat(all.stream().mapToLong(RandomTablesTest::observed).sum()).isEqualTo(table.ledger.valuesKept());
            assertThat(all).allSatisfy(RandomTablesTest::isSound);
        }
        assertThat(finished).isGreaterThan(TABLES / 2);
    }

    private static void isSound(WeeklySeries series) {
        double[] volume = series.volume();

        assertThat(series.lastWeek().getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
        assertThat(volume.length).isBetween(1, 520);
        assertThat(volume[0]).isNotNaN();
        assertThat(volume[volume.length - 1]).isNotNaN();
        assertThat(Arrays.stream(volume)).allMatch(value -> Double.isNaN(value) || (value >= 0 && value <= 1e30));
    }

    private static long observed(WeeklySeries series) {
        return Arrays.stream(series.volume())
                .filter(value -> !Double.isNaN(value))
                .count();
    }

    private static TablePoints randomTable(SplittableRandom random) {
        WeekLabel label = LABELS.get(random.nextInt(LABELS.size()));
        DayOfWeek starts = random.nextInt(3) == 0 ? DayOfWeek.of(1 + random.nextInt(7)) : null;
        Aggregation value = random.nextInt(3) == 0 ? Aggregation.SUM : null;
        TablePoints table = new TablePoints(label, random.nextBoolean(), starts, value);
        int step = random.nextBoolean() ? 1 : 7;
        LocalDate first = TablePoints.TODAY.minusDays(random.nextInt(step == 1 ? 300 : 6000));
        double scale = random.nextInt(10) == 0 ? 1e30 : 100;
        int names = 1 + random.nextInt(4);
        int points = random.nextInt(200);
        for (int i = 0; i < points; i++) {
            SeriesName name = new SeriesName("trend" + random.nextInt(names), null, null, null);
            int unusual = random.nextInt(40);
            long step0 = unusual == 0 ? random.nextInt(-30000, 3000) : (long) step * (i + random.nextInt(3));
            Unit unit = unusual == 1 ? UNITS.get(random.nextInt(UNITS.size())) : Unit.DAY;
            double number = random.nextInt(4) == 0 ? scale : Math.rint(random.nextDouble() * scale);
            table.add(name, first.plusDays(step0), unit, number, unusual == 2);
        }
        return table;
    }
}
