package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.edge.PurgeSender.Signature;
import io.hemline.serving.edge.Purger.Metrics;
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

/** The purges of a server, over real sockets. */
class PurgerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long START_MILLIS = 1_795_478_400_000L;
    private static final Signature SIGNATURE = new Signature("hush");

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TickingClock clock = new TickingClock();
    private final AtomicReference<Future<Signature>> secret = new AtomicReference<>(Future.succeededFuture(SIGNATURE));
    private volatile SortedSet<Integer> live = new TreeSet<>(List.of(7));
    private StubEdge edge;
    private Metrics metrics;
    private Purger purger;

    @BeforeEach
    void start() throws IOException {
        edge = StubEdge.start();
        metrics = new Metrics(edge.url(), meters);
        purger = purger(Duration.ofMillis(10));
    }

    @AfterEach
    void stop() throws Exception {
        purger.close();
        edge.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void announcesTheLiveVersionsAndEveryChange() throws InterruptedException {
        purger.start();

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
            assertThat(purge.signature()).isEqualTo(SIGNATURE.header(purge.signedAt(), purge.body()));
        });
    }

    @Test
    void purgesChangedMarketsWithTheLiveVersions() throws InterruptedException {
        live = new TreeSet<>(List.of(7, 8));
        purger.start();
        until(1);

        purger.featuresChanged("vn");
        until(2);

        assertThat(edge.received().get(1).summary()).isEqualTo("soft market:vn [7,8]");
        assertThat(edge.received().get(1).since())
                .isEqualTo(edge.received().get(0).since());
    }

    @Test
    void sendsNothingBeforeAVersionIsLive() throws InterruptedException {
        live = Collections.emptySortedSet();
        purger.start();

        purger.featuresChanged("vn");
        TestServer.until(
                "the purge is pending",
                () -> meters.get("edge.purge.waiting").gauge().value() == 1);
        assertThat(edge.received()).isEmpty();
        live = new TreeSet<>(List.of(7));
        until(1);

        assertThat(edge.received().get(0).summary()).isEqualTo("soft market:vn,version:7 [7]");
    }

    @Test
    void retriesWithANewTimestampUntilTheEdgeAccepts() throws InterruptedException {
        edge.answering(503, 429, StubEdge.NO_RESPONSE, 500);
        purger.start();

        TestServer.until("it was accepted", () -> counted("done") == 1);

        assertThat(edge.received()).hasSize(5).extracting(Received::summary).containsOnly("soft version:7 [7]");
        assertThat(edge.received().stream().map(Received::signedAt)).doesNotHaveDuplicates();
        assertThat(edge.received().stream().map(Received::since)).containsOnly(START_MILLIS + 1000);
        assertThat(edge.received())
                .allSatisfy(purge ->
                        assertThat(purge.signature()).isEqualTo(SIGNATURE.header(purge.signedAt(), purge.body())));
        assertThat(counted("retried")).isEqualTo(4);
    }

    @Test
    void signsWithTheCurrentSecretAndRetriesWhileItCannotBeRead() throws InterruptedException {
        Signature next = new Signature("hush again");
        secret.set(Future.failedFuture("stale file handle"));
        purger.start();
        TestServer.until("it retries", () -> counted("retried") > 2);
        assertThat(edge.received()).isEmpty();

        secret.set(Future.succeededFuture(SIGNATURE));
        until(1);
        secret.set(Future.succeededFuture(next));
        purger.featuresChanged("vn");
        until(2);

        assertThat(edge.received().get(0))
                .satisfies(purge ->
                        assertThat(purge.signature()).isEqualTo(SIGNATURE.header(purge.signedAt(), purge.body())));
        assertThat(edge.received().get(1))
                .satisfies(
                        purge -> assertThat(purge.signature()).isEqualTo(next.header(purge.signedAt(), purge.body())));
    }

    @Test
    void sendsASwapWithoutWaitingForTheBackoff() throws InterruptedException {
        edge.answering(503);
        purger = purger(Duration.ofHours(1));
        purger.start();
        TestServer.until("it backs off", () -> counted("retried") == 1);

        live = new TreeSet<>(List.of(8));
        until(2);

        assertThat(edge.received().get(1).summary()).isEqualTo("soft version:7,model:trend [8]");
    }

    @Test
    void mergesThePurgesThatGatherDuringASlowOne() throws InterruptedException {
        edge.answering(204, StubEdge.NO_RESPONSE);
        purger.start();
        until(1);

        purger.featuresChanged("vn");
        until(2);
        purger.featuresChanged("us");
        purger.featuresChanged("vn");
        live = new TreeSet<>(List.of(8));
        TestServer.until("all were accepted", () -> counted("done") == 2);

        assertThat(edge.received()).hasSize(3);
        assertThat(edge.received().get(2).summary()).isEqualTo("soft market:us,market:vn,model:trend [8]");
        assertThat(meters.get("edge.purge.waiting").gauge().value()).isZero();
    }

    @Test
    void doesNotRetryWhatTheEdgeRefuses() throws InterruptedException {
        edge.answering(401);
        purger.start();
        TestServer.until("it was refused", () -> counted("refused") == 1);

        purger.featuresChanged("vn");
        until(2);

        assertThat(edge.received().get(1).summary()).isEqualTo("soft market:vn [7]");
    }

    @Test
    void retriesWhileTheEdgeIsDown() throws InterruptedException {
        edge.close();

        purger.start();

        TestServer.until("it retries", () -> counted("retried") > 2);
        assertThat(counted("done")).isZero();
    }

    private Purger purger(Duration minBackoff) {
        PurgeSender sender = new PurgeSender(vertx, edge.url(), secret::get, TIMEOUT, clock);
        return new Purger(sender, "trend", () -> live, metrics, clock, vertx, minBackoff);
    }

    private double counted(String outcome) {
        return meters.get("edge.purge").tag("outcome", outcome).counter().count();
    }

    private void until(int purges) throws InterruptedException {
        TestServer.until(purges + " purges came", () -> edge.received().size() >= purges);
    }

    /** A clock that advances by a second at every reading. */
    private static final class TickingClock extends Clock {

        private final AtomicLong seconds = new AtomicLong(START_MILLIS / 1000);

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
