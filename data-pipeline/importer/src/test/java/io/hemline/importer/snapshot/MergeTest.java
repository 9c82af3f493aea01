package io.hemline.importer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import io.hemline.importer.weekly.WeeklySeries;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MergeTest {

    private static final Instant NOW = Instant.parse("2026-12-01T09:00:00Z");
    private static final Instant BEFORE = Instant.parse("2026-11-23T00:00:00Z");
    private static final LocalDate WEEK = LocalDate.of(2026, 11, 16);
    private static final double NONE = Double.NaN;

    private final Ledger ledger = new Ledger();

    @Test
    void makesARecordOfANewSeriesInTheDefaultMarket() {
        TrendRecord trend = merge(List.of(), series(WEEK, false, 1, 2)).get(0);

        assertThat(trend).usingRecursiveComparison().isEqualTo(earlier(null, NOW, WEEK, 1, 2));
    }

    @Test
    void keepsEarlierTrendsThatTheImportDoesNotTouch() {
        TrendRecord other = new TrendRecord(
                "a", "us", null, null, null, WEEK, BEFORE, new double[] {1}, null, null, null, null, null);

        List<TrendRecord> trends = merge(List.of(other), series(WEEK, false, 1));

        assertThat(trends.get(0)).isSameAs(other);
        assertThat(trends).extracting(TrendRecord::market).containsExactly("us", "vn");
    }

    @Test
    void usesTheNewerValueOfEachWeekAndTellsHowManyChanged() {
        TrendRecord old = earlier(null, BEFORE, WEEK, 1, 2, 3, NONE);

        TrendRecord trend = merge(List.of(old), series(WEEK.plusWeeks(2), false, 2, 30, 4, NONE, 6))
                .get(0);

        assertThat(trend.volume()).containsExactly(1, 2, 30, 4, NONE, 6);
        assertThat(trend.lastWeek()).isEqualTo(WEEK.plusWeeks(2));
        assertThat(trend.featuresAsOf()).isEqualTo(NOW);
        assertThat(told(Rule.REPLACED)).containsExactly("wideleg (vn): 1 week");
    }

    @Test
    void keepsEarlierWeeksWhereTheNewerFileHasAGap() {
        TrendRecord old = earlier(null, BEFORE, WEEK, 1, 2, 3);

        assertThat(merge(List.of(old), series(WEEK, false, 5, NONE, 6)).get(0).volume())
                .containsExactly(5, 2, 6);
    }

    @Test
    void splicesRenormalisedSeriesByTheirCommonWeeks() {
        TrendRecord old = earlier(null, BEFORE, WEEK, 10, 40, 60);

        TrendRecord trend = merge(List.of(old), series(WEEK.plusWeeks(1), true, 20, 30, 100))
                .get(0);

        assertThat(trend.volume()).containsExactly(5, 20, 30, 100);
        assertThat(told(Rule.SPLICED)).containsExactly("wideleg (vn): × 0.5, by 2 common weeks");
        assertThat(told(Rule.REPLACED)).isEmpty();
    }

    @Test
    void changesNothingWhenARenormalisedFileIsImportedAgain() {
        TrendRecord old = merge(List.of(), series(WEEK, true, 10, 33.3, 100)).get(0);

        TrendRecord again =
                merge(List.of(old), series(WEEK, true, 10, 33.3, 100)).get(0);

        assertThat(again.volume()).containsExactly(old.volume());
        assertThat(ledger.applied()).isEmpty();
    }

    @Test
    void keepsTheNewerFileAloneWithoutACommonWeek() {
        TrendRecord old = earlier("female", BEFORE, WEEK, 10, 40);

        TrendRecord trend =
                merge(List.of(old), series(WEEK.plusWeeks(3), true, 7, 8)).get(0);

        assertThat(trend.volume()).containsExactly(7, 8);
        assertThat(trend.gender()).isEqualTo("female");
        assertThat(told(Rule.NO_COMMON_WEEK)).containsExactly("wideleg (vn)");
    }

    @Test
    void keepsTheNewerFileAloneWhenTheCommonWeeksAreZero() {
        TrendRecord old = earlier(null, BEFORE, WEEK, 10, 0);

        TrendRecord trend =
                merge(List.of(old), series(WEEK.plusWeeks(1), true, 5, 8)).get(0);

        assertThat(trend.volume()).containsExactly(5, 8);
        assertThat(told(Rule.NO_COMMON_WEEK)).containsExactly("wideleg (vn): the common weeks are zero");
    }

    @Test
    void takesTheSeriesThatEndsLaterAsTheNewerOfOneImport() {
        WeeklySeries later = series(WEEK, false, 5, 6);
        WeeklySeries sooner = series(WEEK.minusWeeks(1), false, 1, 2);
        WeeklySeries addedLast = series(WEEK, false, 7);

        assertThat(merge(List.of(), later, sooner).get(0).volume()).containsExactly(1, 5, 6);
        assertThat(merge(List.of(), addedLast, later).get(0).volume()).containsExactly(5, 6);
        assertThat(merge(List.of(), later, addedLast).get(0).volume()).containsExactly(5, 7);
    }

    @Test
    void keepsEarlierAttributesChannelsAndEmbeddingInTheNewSpan() {
        TrendRecord old = new TrendRecord(
                "wideleg",
                "vn",
                "female",
                "pants",
                LocalDate.of(2026, 11, 12),
                WEEK,
                BEFORE,
                new double[] {1, 2},
                new double[] {0.1, 0.2},
                null,
                new double[] {3, NONE},
                new float[] {0.5f},
                "ab".repeat(32));
        SeriesName name = new SeriesName("wideleg", "vn", null, "skirt");

        TrendRecord trend = merge(
                        List.of(old), new WeeklySeries(name, WEEK.plusWeeks(1), new double[] {5}, false, "t.csv"))
                .get(0);

        assertThat(trend.volume()).containsExactly(1, 2, 5);
        assertThat(trend.influencerShare()).containsExactly(0.1, 0.2, NONE);
        assertThat(trend.sentiment()).isNull();
        assertThat(trend.engagement()).containsExactly(3, NONE, NONE);
        assertThat(trend.gender()).isEqualTo("female");
        assertThat(trend.category()).isEqualTo("skirt");
        assertThat(trend.firstSeen()).isEqualTo("2026-11-12");
        assertThat(trend.embedding()).containsExactly(0.5f);
        assertThat(trend.encoderDigest()).isEqualTo("ab".repeat(32));
    }

    @Test
    void movesTheDayOfTheFirstPostToAnEarlierWeekWithAVolume() {
        TrendRecord old = new TrendRecord(
                "wideleg", "vn", null, null, WEEK, WEEK, BEFORE, new double[] {1}, null, null, null, null, null);

        TrendRecord trend = merge(List.of(old), series(WEEK, false, 0, 3, 1)).get(0);

        assertThat(trend.firstSeen()).isEqualTo(WEEK.minusWeeks(1));
    }

    @Test
    void keepsThe520LatestWeeks() {
        double[] ones = new double[520];
        Arrays.fill(ones, 1);
        TrendRecord old = earlier(null, BEFORE, WEEK, ones);

        TrendRecord trend =
                merge(List.of(old), series(WEEK.plusWeeks(4), false, 9)).get(0);

        assertThat(trend.volume()).hasSize(520).endsWith(1, NONE, NONE, NONE, 9);
        assertThat(ledger.valuesRefused()).isZero();
    }

    @Test
    void refusesImportedWeeksThatAreOlderThan520Weeks() {
        TrendRecord old = earlier(null, BEFORE, WEEK, 1);
        ledger.kept(2);

        TrendRecord trend =
                merge(List.of(old), series(WEEK.minusWeeks(519), false, 8, 9)).get(0);

        assertThat(trend.volume()).hasSize(520).startsWith(9, NONE);
        assertThat(told(Rule.BEYOND_520_WEEKS)).containsExactly("wideleg (vn), " + WEEK.minusWeeks(520));
        assertThat(ledger.valuesKept()).isEqualTo(1);
    }

    @Test
    void keepsTheAccountBalancedForRandomSeries() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 500; i++) {
            Ledger account = new Ledger();
            Merge merge = new Merge(List.of(), "vn", NOW, account);
            long read = 0;
            int count = 1 + random.nextInt(4);
            for (int j = 0; j < count; j++) {
                LocalDate last = WEEK.minusWeeks(random.nextInt(700));
                WeeklySeries series = series(last, random.nextInt(3) == 0, values(random));
                read += observed(series.volume());
                account.kept(observed(series.volume()));
                merge.add(series);
            }

            double[] volume = merge.finish().get(0).volume();

            assertThat(account.valuesKept()).isEqualTo(observed(volume));
            assertThat(account.valuesKept() + account.valuesMerged() + account.valuesRefused())
                    .isEqualTo(read);
        }
    }

    private List<TrendRecord> merge(List<TrendRecord> earlier, WeeklySeries... series) {
        Merge merge = new Merge(earlier, "vn", NOW, ledger);
        Arrays.asList(series).forEach(merge::add);
        return new ArrayList<>(merge.finish());
    }

    private List<String> told(Rule rule) {
        return ledger.findings(rule).stream().map(Ledger.Finding::detail).toList();
    }

    private static WeeklySeries series(LocalDate lastWeek, boolean renormalised, double... volume) {
        return new WeeklySeries(new SeriesName("wideleg", null, null, null), lastWeek, volume, renormalised, "t.csv");
    }

    private static TrendRecord earlier(@Nullable String gender, Instant asOf, LocalDate lastWeek, double... volume) {
        return new TrendRecord(
                "wideleg", "vn", gender, null, null, lastWeek, asOf, volume, null, null, null, null, null);
    }

    private static double[] values(SplittableRandom random) {
        double[] values = new double[1 + random.nextInt(520)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(5) == 0 && i > 0 ? NONE : random.nextInt(100);
        }
        values[values.length - 1] = 1;
        return values;
    }

    private static long observed(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
    }
}
