package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.testing.Postgres;
import io.hemline.serving.testing.Snapshots;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real PostgreSQL, rows that Feast wrote, and a virtual clock. */
class FeastSourceTest {

    private static final Duration REFRESH = Duration.ofMinutes(1);
    private static final TrendQuestion WIDELEG = new TrendQuestion("wideleg", "vn");
    private static final TrendQuestion CARGO = new TrendQuestion("cargo", "vn");
    private static final String BR_KEY =
            HexFormat.of().formatHex(EntityKey.of("br", "wideleg").getBytes());
    private static final String DAY = "2026-11-21T00:00:00Z";

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private Vertx vertx;
    private Postgres postgres;
    private FeatureSource source;

    @BeforeEach
    void start() throws IOException, SQLException {
        vertx = Vertx.vertx();
        postgres = Postgres.start(folder);
        postgres.putFeastRows();
        source = open();
    }

    @AfterEach
    void stop() throws Exception {
        source.close();
        vertx.close().await(20, TimeUnit.SECONDS);
        postgres.close();
    }

    @Test
    void returnsTheTrendsOfTheSnapshotThatFeastWasFedWith() throws Exception {
        String lines = Files.readString(Postgres.ROWS.resolveSibling("feast-snapshot.jsonl"));
        SnapshotSource snapshot = SnapshotSource.read(Snapshots.write(folder.resolve("small.jsonl.gz"), lines));
        List<TrendQuestion> questions = new ArrayList<>(snapshot.all().result());
        questions.addAll(List.of(
                new TrendQuestion("wideleg", null),
                new TrendQuestion("áo dài", null),
                new TrendQuestion("áo dài", "us")));

        List<Optional<KnownTrend>> found = get(source.find(questions));

        assertThat(found)
                .usingRecursiveComparison()
                .withComparatorForType((a, b) -> Float.compare(a.floatValue(), b.floatValue()), Double.class)
                .isEqualTo(snapshot.find(questions).result());
        assertThat(get(source.all()))
                .containsExactlyInAnyOrderElementsOf(snapshot.all().result());
        assertThat(source.markets()).isEqualTo(snapshot.markets());
        assertThat(source.asOf()).isEqualTo(snapshot.asOf());
    }

    @Test
    void readsOnceForAnyNumberOfQuestionsAndNotAgainForCachedOnes() throws Exception {
        List<TrendQuestion> many = IntStream.range(0, 64)
                .mapToObj(i -> new TrendQuestion(i % 2 == 0 ? "wideleg" : "unknown" + i, i % 3 == 0 ? null : "vn"))
                .toList();

        List<Optional<KnownTrend>> found = get(source.find(many));
        int first = reads.get();
        get(source.find(List.of(WIDELEG, new TrendQuestion("wideleg", null))));

        assertThat(found).filteredOn(Optional::isPresent).hasSize(32);
        assertThat(first).isEqualTo(1);
        assertThat(reads).hasValue(1);
    }

    @Test
    void servesOldFeaturesWhileItRefreshesThem() throws Exception {
        get(source.find(List.of(WIDELEG)));
        postgres.run("update hemline_trend_features set event_ts = '2026-11-30T00:00:00Z'");
        nanos.addAndGet(REFRESH.toNanos());

        Future<List<Optional<KnownTrend>>> old = source.find(List.of(WIDELEG));

        assertThat(old.isComplete()).isTrue();
        assertThat(old.result().get(0).orElseThrow().asOf()).isEqualTo("2026-11-23T00:00:00Z");
        assertThat(old.result().get(0).orElseThrow().stale()).isFalse();
        TestServer.until(
                "the newer features are there", () -> known(WIDELEG).asOf().equals("2026-11-30T00:00:00Z"));
        TestServer.until("the list is newer as well", () -> source.asOf().equals("2026-11-30T00:00:00Z"));
    }

    @Test
    void servesCachedFeaturesAsStaleWhilePostgresIsDownAndRecovers() throws Exception {
        get(source.find(List.of(WIDELEG)));
        nanos.addAndGet(REFRESH.toNanos());

        postgres.kill();

        TestServer.until("what is known is stale", () -> known(WIDELEG).stale());
        assertThat(known(WIDELEG).asOf()).isEqualTo("2026-11-23T00:00:00Z");
        TestServer.assertFailure(settled(source.find(List.of(WIDELEG, CARGO))), Failure.FEATURES_UNAVAILABLE);
        assertThat(errors("failed")).isPositive();

        postgres.restart();

        TestServer.until("what is known is fresh again", () -> !known(WIDELEG).stale());
        assertThat(get(source.find(List.of(CARGO)))).containsExactly(Optional.empty());
    }

    @Test
    void startsWithoutPostgresAndConnectsLater() throws Exception {
        source.close();
        postgres.kill();

        source = open();

        TestServer.assertFailure(settled(source.all()), Failure.FEATURES_UNAVAILABLE);
        TestServer.assertFailure(
                settled(source.find(List.of(new TrendQuestion("wideleg", null)))), Failure.FEATURES_UNAVAILABLE);
        assertThat(source.markets()).isEmpty();
        postgres.restart();
        TestServer.until("the list is there", () -> source.markets().size() == 3);
        assertThat(known(new TrendQuestion("wideleg", null)).market()).isEqualTo("us");
    }

    @Test
    void treatsATrendWithInvalidFeaturesAsUnknown() throws Exception {
        postgres.run("update hemline_trend_features set value = '\\x2001' where feature_name = 'last_week'"
                + " and entity_key in (select entity_key from hemline_trend_features where event_ts < '2026-11-22')");

        List<Optional<KnownTrend>> found = get(source.find(List.of(new TrendQuestion("wideleg", "br"), WIDELEG)));

        assertThat(found.get(0)).isEmpty();
        assertThat(found.get(1)).isPresent();
        assertThat(errors("unusable")).isEqualTo(1);
    }

    @Test
    void anInvalidRowAffectsOnlyItsOwnTrend() throws Exception {
        String one = "8201060a040000803f";
        List<InvalidRow> rows = List.of(
                new InvalidRow("volume", one, null),
                new InvalidRow("gender", "120161", null),
                new InvalidRow("gender", "120161", "infinity"),
                new InvalidRow("volume", one, "-infinity"),
                new InvalidRow("gender", "120161", "0044-03-15 BC"),
                new InvalidRow("gender", "120161", "20000-01-01"),
                new InvalidRow("volume", null, DAY),
                new InvalidRow("volume", "120161", DAY),
                new InvalidRow("volume", "ff".repeat(11), DAY),
                new InvalidRow("volume", "820100", DAY),
                new InvalidRow("volume", "8201a7100aa410" + "0000803f".repeat(521), DAY),
                new InvalidRow("last_week", null, DAY),
                new InvalidRow("last_week", "2001", DAY),
                new InvalidRow("last_week", "20" + "80".repeat(9) + "01", DAY),
                new InvalidRow("last_week", "20" + "ff".repeat(8) + "7f", DAY),
                new InvalidRow("sentiment", "82010a0a080000803f0000803f", DAY),
                new InvalidRow("image_embedding", "8201060a040000c07f", DAY),
                new InvalidRow("image_embedding", "8201060a040000807f", DAY),
                new InvalidRow("encoder_digest", "2005", DAY),
                new InvalidRow("gender", "12ff", DAY));

        for (InvalidRow row : rows) {
            postgres.put(BR_KEY, row.feature(), row.value(), row.eventTime());
            assertOnlyOneTrendIsUnknown(row);
            postgres.run("drop table hemline_trend_features");
            postgres.putFeastRows();
        }
    }

    private void assertOnlyOneTrendIsUnknown(InvalidRow row) throws Exception {
        SimpleMeterRegistry counts = new SimpleMeterRegistry();
        try (FeatureSource fresh = FeastSource.open(postgres.config(REFRESH), vertx, nanos::get, counts, taken -> {})) {
            List<Optional<KnownTrend>> found = get(fresh.find(
                    List.of(new TrendQuestion("wideleg", "br"), WIDELEG, new TrendQuestion("wideleg", null))));

            assertThat(found.get(0)).as("%s", row).isEmpty();
            assertThat(found.get(1).orElseThrow().stale()).as("%s", row).isFalse();
            assertThat(found.get(2).orElseThrow().market()).as("%s", row).isEqualTo("us");
            assertThat(get(fresh.all())).as("%s", row).contains(WIDELEG);
            assertThat(fresh.asOf()).as("%s", row).isEqualTo("2026-11-23T00:00:00Z");
            assertThat(errors(counts, "unusable")).as("%s", row).isPositive();
            assertThat(errors(counts, "failed")).as("%s", row).isZero();
        }
    }

    @Test
    void countsAnUndecodableEncoderDigestAsAnotherEncoder() throws Exception {
        String ours = known(WIDELEG).encoderDigest();
        EncoderMismatch before = EncoderMismatch.of(source, requireNonNull(ours));

        postgres.put(BR_KEY, "encoder_digest", "2005", null);
        postgres.put(HexFormat.of().formatHex(Buffer.buffer("no key").getBytes()), "encoder_digest", "ff", null);
        postgres.put(HexFormat.of().formatHex(Buffer.buffer("other").getBytes()), "encoder_digest", null, null);
        EncoderMismatch after = EncoderMismatch.of(source, ours);

        assertThat(after.stored()).isEqualTo(before.stored() + 2);
        assertThat(after.missing()).isEqualTo(before.missing() + 2);
        assertThat(after.fault(0)).isPresent();
    }

    @Test
    void forgetsADeletedTrend() throws Exception {
        get(source.find(List.of(WIDELEG)));
        postgres.run("delete from hemline_trend_features");
        nanos.addAndGet(REFRESH.toNanos());

        TestServer.until("it is gone", () -> find(WIDELEG).isEmpty());
    }

    private FeatureSource open() {
        return FeastSource.open(postgres.config(REFRESH), vertx, nanos::get, meters, taken -> reads.incrementAndGet());
    }

    private double errors(String kind) {
        return errors(meters, kind);
    }

    private static double errors(SimpleMeterRegistry meters, String kind) {
        return meters.get("features.errors").tag("kind", kind).counter().count();
    }

    private KnownTrend known(TrendQuestion question) {
        return find(question).orElseThrow();
    }

    private Optional<KnownTrend> find(TrendQuestion question) {
        try {
            return get(source.find(List.of(question))).get(0);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static <T> Future<T> settled(Future<T> future) throws InterruptedException {
        TestServer.until("it is answered", future::isComplete);
        return future;
    }

    /** A row for one trend: a feature, its value in hex, and its event time. */
    private record InvalidRow(
            String feature,
            @Nullable String value,
            @Nullable String eventTime) {}
}
