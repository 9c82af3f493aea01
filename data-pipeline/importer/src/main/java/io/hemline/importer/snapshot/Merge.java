package io.hemline.importer.snapshot;

import io.hemline.importer.report.Ledger;
import io.hemline.importer.weekly.WeeklySeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Merges series of files into the trends of an earlier import, by trend and week: the newer series wins. Of several files
 * of one import the newer is the one that ends later, else the one named later.
 *
 * <p>Confined to one thread.
 */
public final class Merge {

    private final Map<Key, TrendRecord> earlier = new TreeMap<>();
    private final List<WeeklySeries> added = new ArrayList<>();
    private final String defaultMarket;
    private final Instant now;
    private final Ledger ledger;

    private record Key(String market, String trend) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::market).thenComparing(Key::trend);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    public Merge(List<TrendRecord> earlier, String defaultMarket, Instant now, Ledger ledger) {
        earlier.forEach(trend -> this.earlier.put(new Key(trend.market(), trend.trend()), trend));
        this.defaultMarket = defaultMarket;
        this.now = now;
        this.ledger = ledger;
    }

    /** Adds a series. */
    public void add(WeeklySeries series) {
        added.add(series);
    }

    /** All trends, ordered by market and name. */
    public List<TrendRecord> finish() {
        Map<Key, MergedTrend> merged = new TreeMap<>();
        earlier.forEach((key, trend) -> merged.put(key, new MergedTrend(key.trend, key.market, trend, ledger)));
        added.stream().sorted(Comparator.comparing(WeeklySeries::lastWeek)).forEach(series -> {
            String market = Objects.requireNonNullElse(series.name().market(), defaultMarket);
            Key key = new Key(market, series.name().trend());
            merged.computeIfAbsent(key, unused -> new MergedTrend(key.trend, key.market, null, ledger))
                    .put(series);
        });
        return merged.values().stream().map(trend -> trend.record(now)).toList();
    }
}
