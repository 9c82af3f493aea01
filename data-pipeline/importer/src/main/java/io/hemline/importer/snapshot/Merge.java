package io.hemline.importer.snapshot;

import static java.util.Objects.requireNonNull;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.weekly.WeeklySeries;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Merges the series of an import with the trends of an earlier one, by market, trend and week: the newer value is used.
 * Every series of the import is newer than the earlier trends; of several series of one trend in the import, the one that
 * ends later is newer, of equal ones the one added later. Renormalised series are spliced.
 *
 * <p>Confined to one thread.
 */
public final class Merge {

    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::market).thenComparing(Key::trend);

    private final Map<Key, TrendRecord> earlier = new HashMap<>();
    private final Map<Key, List<WeeklySeries>> added = new TreeMap<>(ORDER);
    private final String defaultMarket;
    private final Instant now;
    private final Ledger ledger;

    /**
     * Begins an import.
     *
     * @param earlier trends, such as those of the snapshot that the import replaces
     * @param defaultMarket of series without a market
     * @param now time of the features of each trend that the import touches
     */
    public Merge(List<TrendRecord> earlier, String defaultMarket, Instant now, Ledger ledger) {
        this.defaultMarket = requireNonNull(defaultMarket, "defaultMarket");
        this.now = requireNonNull(now, "now");
        this.ledger = requireNonNull(ledger, "ledger");
        for (TrendRecord trend : earlier) {
            this.earlier.put(new Key(trend.market(), trend.trend()), trend);
        }
    }

    /** Adds a series of the import. */
    public void add(WeeklySeries series) {
        String market = series.name().market();
        Key key = new Key(market == null ? defaultMarket : market, series.name().trend());
        added.computeIfAbsent(key, unused -> new ArrayList<>()).add(series);
    }

    /** The merged trends, and the earlier ones that the import does not touch, by market and trend. */
    public List<TrendRecord> finish() {
        List<TrendRecord> trends = new ArrayList<>();
        added.forEach((key, series) -> trends.add(merged(key, series)));
        earlier.forEach((key, trend) -> {
            if (!added.containsKey(key)) {
                trends.add(trend);
            }
        });
        trends.sort(TrendRecord.ORDER);
        return trends;
    }

    private TrendRecord merged(Key key, List<WeeklySeries> series) {
        TrendRecord old = earlier.get(key);
        MergedVolume volume = new MergedVolume(key.trend() + " (" + key.market() + ")", ledger);
        if (old != null) {
            volume.begin(old);
        }
        List<WeeklySeries> oldestFirst = series.stream()
                .sorted(Comparator.comparing(WeeklySeries::lastWeek))
                .toList();
        String gender = old == null ? null : old.gender();
        String category = old == null ? null : old.category();
        for (WeeklySeries newer : oldestFirst) {
            volume.add(newer);
            SeriesName name = newer.name();
            gender = name.gender() == null ? gender : name.gender();
            category = name.category() == null ? category : name.category();
        }
        Weeks weeks = volume.weeks();
        Weeks oldWeeks = old == null ? weeks : Weeks.of(old);
        return new TrendRecord(
                key.trend(),
                key.market(),
                gender,
                category,
                old == null ? null : firstSeen(old.firstSeen(), weeks, volume.volume()),
                weeks.last(),
                now,
                volume.volume(),
                old == null ? null : weeks.alignPresent(old.influencerShare(), oldWeeks),
                old == null ? null : weeks.alignPresent(old.sentiment(), oldWeeks),
                old == null ? null : weeks.alignPresent(old.engagement(), oldWeeks),
                old == null ? null : old.embedding(),
                old == null ? null : old.encoderDigest());
    }

    /** The earlier of a known day and the first week with a volume, unless the day lies in that week. */
    private static @Nullable LocalDate firstSeen(@Nullable LocalDate known, Weeks weeks, double[] volume) {
        for (int i = 0; i < volume.length; i++) {
            if (volume[i] > 0) {
                LocalDate monday = weeks.monday(i);
                return known != null && monday.plusDays(6).isBefore(known) ? monday : known;
            }
        }
        return known;
    }

    /**
     * Names a trend.
     *
     * <p>Immutable.
     */
    private record Key(String market, String trend) {}
}
