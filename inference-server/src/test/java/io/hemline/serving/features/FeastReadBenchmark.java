package io.hemline.serving.features;

import io.hemline.serving.forecast.TrendQuestion;
import io.hemline.serving.testing.Postgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What does PostgreSQL add to a question whose trends are not kept? One question at a time over 300 trends of 260 weeks
 * and a 64-number embedding, nothing kept, both on this machine. Prints percentiles and asserts nothing:
 *
 * <pre>./mvnw -q -pl inference-server -am test -Dtest=FeastReadBenchmark -Dbenchmark=true -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
@EnabledIfSystemProperty(named = "benchmark", matches = "true", disabledReason = "a benchmark")
class FeastReadBenchmark {

    private static final int TRENDS = 300;
    private static final int WARM_UP = 2000;
    private static final int MEASURED = 3000;

    private final Random random = new Random(1);

    @Test
    void readsTrends(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Postgres postgres = Postgres.start(folder)) {
            postgres.putFeastRows();
            fill(postgres);
            PostgresConfig given = postgres.config(Duration.ofHours(1));
            PostgresConfig keepsNothing = new PostgresConfig(
                    given.url(), given.user(), given.password(), given.poolSize(), given.timeout(), given.refresh(), 0);
            try (FeatureSource source =
                    FeastSource.open(keepsNothing, vertx, System::nanoTime, new SimpleMeterRegistry(), taken -> {})) {
                for (int trends : new int[] {1, 64}) {
                    measure(source, trends, WARM_UP);
                    Histogram micros = measure(source, trends, MEASURED);
                    System.out.printf(
                            "%d trends: p50 %d, p95 %d, p99 %d microseconds%n",
                            trends,
                            micros.getValueAtPercentile(50),
                            micros.getValueAtPercentile(95),
                            micros.getValueAtPercentile(99));
                }
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    private Histogram measure(FeatureSource source, int trends, int times) throws Exception {
        Histogram micros = new Histogram(3);
        for (int i = 0; i < times; i++) {
            List<TrendQuestion> questions = new ArrayList<>();
            for (int trend = 0; trend < trends; trend++) {
                questions.add(new TrendQuestion("trend" + random.nextInt(TRENDS), "vn"));
            }
            long start = System.nanoTime();
            source.find(questions).toCompletionStage().toCompletableFuture().get();
            micros.recordValue((System.nanoTime() - start) / 1000);
        }
        return micros;
    }

    private void fill(Postgres postgres) throws Exception {
        for (int trend = 0; trend < TRENDS; trend++) {
            String key = hex(EntityKey.of("vn", "trend" + trend));
            for (String feature : List.of("volume", "influencer_share", "sentiment", "engagement")) {
                postgres.put(key, feature, hex(floats(260)), "2026-11-23T00:00:00Z");
            }
            postgres.put(key, "image_embedding", hex(floats(64)), "2026-11-23T00:00:00Z");
            postgres.put(key, "last_week", "209ea201", "2026-11-23T00:00:00Z");
            postgres.put(key, "first_seen", "209ea201", "2026-11-23T00:00:00Z");
        }
        postgres.run("vacuum analyze hemline_trend_features");
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
