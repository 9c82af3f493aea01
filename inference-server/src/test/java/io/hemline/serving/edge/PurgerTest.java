package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.edge.testing.StubEdge;
import io.hemline.serving.edge.testing.StubEdge.Received;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server tells the edge, over real sockets. */
class PurgerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long EVENING = 1_795_478_400_000L;
    private static final PurgeSignature SECRET = new PurgeSignature("hush");

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SecondHand clock = new SecondHand();
    private final AtomicReference<Future<PurgeSignature>> secret =
            new AtomicReference<>(Future.succeededFuture(SECRET));
    private volatile SortedSet<Integer> live = new TreeSet<>(List.of(7));
    private StubEdge edge;
    private PurgeMetrics counts;
    private Purger purger;

    @BeforeEach
    void start() throws IOException {
        edge = StubEdge.start();
        counts = new PurgeMetrics(edge.url(), meters);
        purger = purger(Duration.ofMillis(10));
    }

    @AfterEach
    void stop() throws Exception {
        purger.close();
        edge.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void tellsWhichVersionIsLiveAndEveryChangeOfIt() throws InterruptedException {
        purger.watch();

        until(1);
        live = new TreeSet<>(List.of(8));
        until(2);
        live = new TreeSet<>(List.of(7));
        until(3);

        assertThat(edge.received())
                .extracting(Received::summary)
                .containsExactly("soft version:7 [7]", "soft model:trend [8]", "hard version:8 [7]");
        assertThat(edge.received()).allSatisfy(purge -> {
            assertThat(purge.method()).isEqualTo("POST");
            assertThat(purge.signature()).isEqualTo(SECRET.header(purge.signedAt(), purge.body()));
        });
    }

    @Test
    void tellsOfChangedFeaturesWithTheVersionsThatAreLive() throws InterruptedException {
        live = new TreeSet<>(List.of(7, 8));
        purger.watch();
        until(1);

        purger.featuresChanged("vn");
        until(2);

        assertThat(edge.received().get(1).summary()).isEqualTo("soft market:vn [7,8]");
        assertThat(edge.received().get(1).since())
                .isEqualTo(edge.received().get(0).since());
    }

    @Test
    void saysNothingBeforeItKnowsWhichVersionsAreLive() throws InterruptedException {
        live = Collections.emptySortedSet();
        purger.watch();

        purger.featuresChanged("vn");
        TestServer.until(
                "it waits", () -> meters.get("edge.purge.waiting").gauge().value() == 1);
        assertThat(edge.received()).isEmpty();
        live = new TreeSet<>(List.of(7));
        until(1);

        assertThat(edge.received().get(0).summary()).isEqualTo("soft market:vn,version:7 [7]");
    }

    @Test
    void sendsAgainWithANewTimeUntilTheEdgeTakesIt() throws InterruptedException {
        edge.answering(503, 429, StubEdge.SILENCE, 500);
        purger.watch();

        TestServer.until("it arrived", () -> counted("done") == 1);

        assertThat(edge.received()).hasSize(5).extracting(Received::summary).containsOnly("soft version:7 [7]");
        assertThat(edge.received().stream().map(Received::signedAt)).doesNotHaveDuplicates();
        assertThat(edge.received().stream().map(Received::since)).containsOnly(EVENING + 1000);
        assertThat(edge.received())
                .allSatisfy(purge ->
                        assertThat(purge.signature()).isEqualTo(SECRET.header(purge.signedAt(), purge.body())));
        assertThat(counted("retried")).isEqualTo(4);
    }

    @Test
    void signsByTheSecretOfTheMomentAndWaitsForOneThatCannotBeRead() throws InterruptedException {
        PurgeSignature next = new PurgeSignature("hush again");
        secret.set(Future.failedFuture("stale file handle"));
        purger.watch();
        TestServer.until("it tries again", () -> counted("retried") > 2);
        assertThat(edge.received()).isEmpty();

        secret.set(Future.succeededFuture(SECRET));
        until(1);
        secret.set(Future.succeededFuture(next));
        purger.featuresChanged("vn");
        until(2);

        assertThat(edge.received().get(0))
                .satisfies(purge ->
                        assertThat(purge.signature()).isEqualTo(SECRET.header(purge.signedAt(), purge.body())));
        assertThat(edge.received().get(1))
                .satisfies(
                        purge -> assertThat(purge.signature()).isEqualTo(next.header(purge.signedAt(), purge.body())));
    }

    @Test
    void doesNotLetASwapWaitForThePauseBeforeTheNextTry() throws InterruptedException {
        edge.answering(503);
        purger = purger(Duration.ofHours(1));
        purger.watch();
        TestServer.until("it pauses", () -> counted("retried") == 1);

        live = new TreeSet<>(List.of(8));
        until(2);

        assertThat(edge.received().get(1).summary()).isEqualTo("soft version:7,model:trend [8]");
    }

    @Test
    void putsTogetherWhatGathersWhileTheEdgeDoesNotAnswer() throws InterruptedException {
        edge.answering(204, StubEdge.SILENCE);
        purger.watch();
        until(1);

        purger.featuresChanged("vn");
        until(2);
        purger.featuresChanged("us");
        purger.featuresChanged("vn");
        live = new TreeSet<>(List.of(8));
        TestServer.until("all arrived", () -> counted("done") == 2);

        assertThat(edge.received()).hasSize(3);
        assertThat(edge.received().get(2).summary()).isEqualTo("soft market:us,market:vn,model:trend [8]");
        assertThat(meters.get("edge.purge.waiting").gauge().value()).isZero();
    }

    @Test
    void doesNotRepeatWhatTheEdgeRefuses() throws InterruptedException {
        edge.answering(401);
        purger.watch();
        TestServer.until("it was refused", () -> counted("refused") == 1);

        purger.featuresChanged("vn");
        until(2);

        assertThat(edge.received().get(1).summary()).isEqualTo("soft market:vn [7]");
    }

    @Test
    void goesOnTryingWhileThereIsNoEdge() throws InterruptedException {
        edge.close();

        purger.watch();

        TestServer.until("it tries again", () -> counted("retried") > 2);
        assertThat(counted("done")).isZero();
    }

    private Purger purger(Duration firstPause) {
        PurgeSender sender = new PurgeSender(vertx, edge.url(), secret::get, TIMEOUT, clock);
        return new Purger(sender, "trend", () -> live, counts, clock, vertx, firstPause);
    }

    private double counted(String outcome) {
        return meters.get("edge.purge").tag("outcome", outcome).counter().count();
    }

    private void until(int purges) throws InterruptedException {
        TestServer.until(purges + " purges came", () -> edge.received().size() >= purges);
    }

    /** A clock that goes on by a second whenever somebody looks. */
    private static final class SecondHand extends Clock {

        private final AtomicLong seconds = new AtomicLong(EVENING / 1000);

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds.incrementAndGet());
        }
    }
}
