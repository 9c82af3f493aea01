package io.hemline.importer.feast;

import static java.util.Objects.requireNonNull;

import io.hemline.importer.snapshot.TrendRecord;
import java.util.Comparator;

/**
 * Names one series of the online store. Ordered by market, then trend.
 *
 * <p>Immutable.
 *
 * @param market such as {@code vn}
 * @param trend canonical
 */
public record SeriesKey(String market, String trend) implements Comparable<SeriesKey> {

    private static final Comparator<SeriesKey> ORDER =
            Comparator.comparing(SeriesKey::market).thenComparing(SeriesKey::trend);

    public SeriesKey {
        requireNonNull(market, "market");
        requireNonNull(trend, "trend");
    }

    static SeriesKey of(TrendRecord trend) {
        return new SeriesKey(trend.market(), trend.trend());
    }

    @Override
    public int compareTo(SeriesKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return market + "/" + trend;
    }
}
