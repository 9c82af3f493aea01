package io.hemline.serving.cache;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Question: what does the key of a question cost, of a known trend and of a series of 104 weeks?
 *
 * <p>Command: {@code make bench SUITE=pieces ARGS=CacheKeyBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CacheKeyBenchmark {

    private final byte[] digest = new byte[32];
    private final String asked = " #WideLeg";
    private final Question trend = new TrendQuestion("wideleg", "vn");
    private final Question series = new SeriesQuestion(
            Series.of(
                    LocalDate.of(2026, 11, 16),
                    IntStream.range(0, 104)
                            .mapToDouble(week -> 100 + Math.sin(week))
                            .toArray()),
            Attributes.UNKNOWN,
            null);

    @Benchmark
    public String canonicalHashtag() {
        return TrendQuestion.canonical(asked);
    }

    @Benchmark
    public CacheKey keyOfTrend() {
        return CacheKey.of(digest, trend);
    }

    @Benchmark
    public CacheKey keyOfSeries() {
        return CacheKey.of(digest, series);
    }
}
