package io.hemline.importer.feast;

import io.hemline.importer.snapshot.TrendRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trends of the tests. */
final class Trends {

    static final LocalDate WEEK = LocalDate.of(2026, 11, 16);

    /** The trends from which Feast wrote the server's {@code feast-rows.csv}. */
    static final List<TrendRecord> OF_FEAST = List.of(
            new TrendRecord(
                    "wideleg",
                    "vn",
                    "female",
                    "pants",
                    LocalDate.of(2022, 1, 3),
                    WEEK,
                    Instant.parse("2026-11-23T00:00:00Z"),
                    new double[] {1.5, Double.NaN, 3},
                    new double[] {0.25, Double.NaN, 0.5},
                    new double[] {Double.NaN, Double.NaN, -0.5},
                    new double[] {1, 2, 3},
                    new float[] {0.25f, -1},
                    "ab".repeat(32)),
            trend("wideleg", "us", "2026-11-22T00:00:00Z", 9, 8, 7),
            new TrendRecord(
                    "wideleg",
                    "br",
                    null,
                    null,
                    null,
                    LocalDate.of(2026, 11, 9),
                    Instant.parse("2026-11-21T12:30:00.5Z"),
                    new double[] {Double.NaN},
                    null,
                    null,
                    null,
                    null,
                    null),
            new TrendRecord(
                    "áo dài",
                    "vn",
                    "female",
                    "dress",
                    null,
                    WEEK,
                    Instant.parse("2026-11-23T00:00:00Z"),
                    new double[] {0, 1e-7, 123456.5},
                    null,
                    null,
                    null,
                    null,
                    null));

    private Trends() {}

    /** A trend of volumes alone. */
    static TrendRecord trend(String trend, String market, @Nullable String asOf, double... volume) {
        return new TrendRecord(
                trend,
                market,
                null,
                null,
                null,
                WEEK,
                asOf == null ? null : Instant.parse(asOf),
                volume,
                null,
                null,
                null,
                null,
                null);
    }
}
