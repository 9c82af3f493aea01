package io.hemline.serving.features;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.testing.Postgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question: what is the latency of a lookup of uncached trends in PostgreSQL? One lookup at a time over 300 trends of 260
 * weeks and a 64-number embedding, with client and database on one machine.
 *
 * <p>Command: {@code make bench SUITE=feast}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FeastReadBenchmark {

    private static final int TRENDS = 300;
    private static final String TIME = "2026-11-23T00:00:00Z";

    @Param({"1", "64"})
    public int trends;

    private final Random random = new Random(1);
    private Vertx vertx;
    private Path folder;
    private Postgres postgres;
    private FeatureSource source;

    @Setup
    public void fill() throws Exception {
        vertx = Vertx.vertx();
        folder = Files.createTempDirectory("hemline-feast-");
        postgres = Postgres.start(folder);
        postgres.putFeastRows();
        for (int trend = 0; trend < TRENDS; trend++) {
            put(hex(EntityKey.of("vn", "trend" + trend)));
        }
        postgres.run("vacuum analyze hemline_trend_features");
        PostgresConfig given = postgres.config(Duration.ofHours(1));
        PostgresConfig uncached = new PostgresConfig(
                given.url(), given.user(), given.password(), given.poolSize(), given.timeout(), given.refresh(), 0);
        source = FeastSource.open(uncached, vertx, System::nanoTime, new SimpleMeterRegistry(), taken -> {});
    }

    private void put(String key) throws Exception {
        for (String feature : List.of("volume", "influencer_share", "sentiment", "engagement")) {
            postgres.put(key, feature, hex(floats(260)), TIME);
        }
        postgres.put(key, "image_embedding", hex(floats(64)), TIME);
        postgres.put(key, "last_week", "209ea201", TIME);
        postgres.put(key, "first_seen", "209ea201", TIME);
    }

    @TearDown
    public void stop() throws Exception {
        source.close();
        postgres.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    @Benchmark
    public List<Optional<KnownTrend>> readsTrends() throws Exception {
        List<TrendQuestion> questions = new ArrayList<>();
        for (int trend = 0; trend < trends; trend++) {
            questions.add(new TrendQuestion("trend" + random.nextInt(TRENDS), "vn"));
        }
        List<Optional<KnownTrend>> found =
                source.find(questions).toCompletionStage().toCompletableFuture().get();
        if (found.stream().anyMatch(Optional::isEmpty)) {
            throw new IllegalStateException("a trend was not found: the measurement is invalid");
        }
        return found;
    }

    /** A list of floats as Feast writes it; lengths over 127 take two bytes. */
    private Buffer floats(int count) {
        Buffer packed = Buffer.buffer();
        for (int i = 0; i < count; i++) {
            packed.appendIntLE(Float.floatToIntBits(random.nextFloat()));
        }
        Buffer list =
                length(Buffer.buffer().appendByte((byte) 0x0a), packed.length()).appendBuffer(packed);
        return length(Buffer.buffer().appendByte((byte) 0x82).appendByte((byte) 1), list.length())
                .appendBuffer(list);
    }

    private static Buffer length(Buffer to, int length) {
        return to.appendByte((byte) ((length & 0x7f) | 0x80)).appendByte((byte) (length >> 7));
    }

    private static String hex(Buffer bytes) {
        return HexFormat.of().formatHex(bytes.getBytes());
    }
}
