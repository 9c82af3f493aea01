package io.hemline.importer.snapshot;

import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.weekly.WeeklySeries;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One trend while files are merged into it.
 *
 * <p>Confined to one thread.
 */
final class MergedTrend {

    private static final int MAX_WEEKS = 520;

    private final String trend;
    private final String market;
    private final @Nullable TrendRecord earlier;
    private final Ledger ledger;
    private final TreeMap<LocalDate, Week> weeks = new TreeMap<>();
    private @Nullable String gender;
    private @Nullable String category;
    private boolean changed;

    /** {@code imported}: whether this import counted it as kept. */
    private record Week(double value, boolean imported) {}

    MergedTrend(String trend, String market, @Nullable TrendRecord earlier, Ledger ledger) {
        this.trend = trend;
        this.market = market;
        this.earlier = earlier;
        this.ledger = ledger;
        if (earlier != null) {
            gender = earlier.gender();
            category = earlier.category();
            for (int i = 0; i < earlier.volume().length; i++) {
                if (!Double.isNaN(earlier.volume()[i])) {
                    weeks.put(
                            week(earlier.lastWeek(), earlier.volume().length, i), new Week(earlier.volume()[i], false));
                }
            }
        }
    }

    private static LocalDate week(LocalDate last, int length, int index) {
        return last.minusWeeks(length - 1L - index);
    }

    /** Puts a newer series over the weeks so far. */
    void put(WeeklySeries newer) {
        changed = true;
        gender = newer.name().gender() == null ? gender : newer.name().gender();
        category = newer.name().category() == null ? category : newer.name().category();
        Place place = new Place(newer.table(), 0, 0);
        if (newer.renormalised() && !weeks.isEmpty()) {
            splice(newer, place);
        }
        int replaced = 0;
        for (int i = 0; i < newer.volume().length; i++) {
            double value = newer.volume()[i];
            if (Double.isNaN(value)) {
                continue;
            }
            Week old = weeks.put(week(newer.lastWeek(), newer.volume().length, i), new Week(value, true));
            if (old != null) {
                replaced += old.value == value ? 0 : 1;
                countMerged(old);
            }
        }
        if (replaced > 0) {
            ledger.apply(
                    Rule.REPLACED,
                    place,
                    market + " " + trend + ": " + replaced + (replaced == 1 ? " week" : " weeks"));
        }
    }

    /** Scales the weeks so far to a series of another scale, by the weeks that both observed. */
    private void splice(WeeklySeries newer, Place place) {
        double before = 0;
        double after = 0;
        for (int i = 0; i < newer.volume().length; i++) {
            Week old = weeks.get(week(newer.lastWeek(), newer.volume().length, i));
            if (old != null && !Double.isNaN(newer.volume()[i])) {
                before += old.value;
                after += newer.volume()[i];
            }
        }
        if (before == 0 || after == 0) {
            ledger.apply(Rule.NO_COMMON_WEEK, place, market + " " + trend);
            weeks.values().forEach(this::countMerged);
            weeks.clear();
        } else if (before != after) {
            double ratio = after / before;
            weeks.replaceAll((monday, week) -> new Week(week.value * ratio, week.imported));
            ledger.apply(Rule.SPLICED, place, String.format(Locale.ROOT, "%s %s: times %.4g", market, trend, ratio));
        }
    }

    private void countMerged(Week old) {
        if (old.imported) {
            ledger.kept(-1);
            ledger.merged(1);
        }
    }

    TrendRecord record(Instant now) {
        if (!changed && earlier != null) {
            return earlier;
        }
        LocalDate last = weeks.lastKey();
        LocalDate earliest = last.minusWeeks(MAX_WEEKS - 1L);
        weeks.headMap(earliest).forEach((monday, week) -> {
            if (week.imported) {
                ledger.kept(-1);
                ledger.refuse(Rule.BEYOND_520_WEEKS, new Place("result", 0, 0), trend + ", " + monday);
            }
        });
        weeks.headMap(earliest).clear();
        LocalDate first = weeks.firstKey();
        int length = (int) ((last.toEpochDay() - first.toEpochDay()) / 7) + 1;
        double[] volume = new double[length];
        Arrays.fill(volume, Double.NaN);
        weeks.forEach((monday, week) -> volume[(int) ((monday.toEpochDay() - first.toEpochDay()) / 7)] = week.value);
        return new TrendRecord(
                trend,
                market,
                gender,
                category,
                earlier == null ? null : earlier.firstSeen(),
                last,
                now,
                volume,
                earlier == null ? null : aligned(earlier.influencerShare(), earlier.lastWeek(), last, length),
                earlier == null ? null : aligned(earlier.sentiment(), earlier.lastWeek(), last, length),
                earlier == null ? null : aligned(earlier.engagement(), earlier.lastWeek(), last, length),
                earlier == null ? null : earlier.embedding(),
                earlier == null ? null : earlier.encoderDigest());
    }

    /** A channel of the earlier import over the new span; weeks that it lacks are unobserved. */
    private static double @Nullable [] aligned(
            double @Nullable [] values, LocalDate lastBefore, LocalDate last, int length) {
        if (values == null) {
            return null;
        }
        double[] aligned = new double[length];
        Arrays.fill(aligned, Double.NaN);
        int moved = (int) ((last.toEpochDay() - lastBefore.toEpochDay()) / 7);
        for (int i = 0; i < values.length; i++) {
            int at = length - moved - values.length + i;
            if (at >= 0 && at < length) {
                aligned[at] = values[i];
            }
        }
        return aligned;
    }
}
