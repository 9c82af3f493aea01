package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges stale responses from the edge: one request at a time, retried with back-off until it succeeds.
 *
 * <p>Confined to one event loop; the public methods dispatch to it.
 */
final class Purger implements Edge {

    /*
     * The live versions are polled ten times a second instead of observed swap by swap. A version that is missed in
     * between is harmless, since every purge carries the list of live versions and the edge caches no others. While
     * the live versions differ from the desired ones, as on a server that could only fall back to an older version, no
     * versions are announced: other servers have the right ones.
     *
     * Every server purges after its own swap and after its own features have changed. So the last server to change
     * purges last, and responses that the edge fetched from it before are fetched again. A server that has not swapped
     * yet may purge too, or retry an old purge; so each purge says since when its versions are live, and the edge keeps
     * the latest.
     */
    private static final long POLL_MILLIS = 100;
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final long NO_TIMER = -1;

    private final PurgeSender sender;
    private final Supplier<SortedSet<Integer>> live;
    private final Metrics metrics;
    private final Clock clock;
    private final Vertx vertx;
    private final Context context;
    private final long minBackoffMillis;
    private final PendingPurges pending;
    private SortedSet<Integer> versions = Collections.emptySortedSet();
    private Instant since = Instant.EPOCH;
    private long backoffMillis;
    private long retryTimer = NO_TIMER;
    private boolean busy;
    private boolean closed;

    Purger(
            PurgeSender sender,
            String model,
            Supplier<SortedSet<Integer>> live,
            Metrics metrics,
            Clock clock,
            Vertx vertx,
            Duration minBackoff) {
        this.sender = requireNonNull(sender, "sender");
        this.live = requireNonNull(live, "live");
        this.metrics = requireNonNull(metrics, "metrics");
        this.clock = requireNonNull(clock, "clock");
        this.vertx = requireNonNull(vertx, "vertx");
        this.context = vertx.getOrCreateContext();
        this.minBackoffMillis = minBackoff.toMillis();
        this.backoffMillis = minBackoffMillis;
        this.pending = new PendingPurges(model);
    }

    /** Starts to poll the live versions. */
    void start() {
        context.runOnContext(started -> poll());
    }

    private void poll() {
        if (closed) {
            return;
        }
        SortedSet<Integer> now = live.get();
        if (!now.isEmpty() && !now.equals(versions)) {
            pending.versions(versions, now);
            versions = now;
            since = clock.instant();
            sendWithoutBackoff();
        }
        vertx.setTimer(POLL_MILLIS, id -> poll());
    }

    @Override
    public void featuresChanged(String market) {
        context.runOnContext(dispatched -> {
            pending.market(market);
            send();
        });
    }

    /** A swap does not wait for the retry of an earlier purge. */
    private void sendWithoutBackoff() {
        if (retryTimer == NO_TIMER) {
            send();
        } else {
            vertx.cancelTimer(retryTimer);
            backoffMillis = minBackoffMillis;
            retry();
        }
    }

    private void retry() {
        retryTimer = NO_TIMER;
        busy = false;
        send();
    }

    private void send() {
        metrics.waiting(pending.size());
        if (busy || closed || pending.isEmpty() || versions.isEmpty()) {
            return;
        }
        busy = true;
        Purge purge = pending.take(versions, since);
        sender.send(purge).onComplete((status, failure) -> {
            if (failure != null) {
                scheduleRetry(purge, failure.toString());
            } else if (status == 408 || status == 429 || status >= 500) {
                scheduleRetry(purge, "status " + status);
            } else {
                completed(purge, status);
            }
        });
    }

    private void completed(Purge purge, int status) {
        if (status / 100 == 2) {
            metrics.done(purge);
        } else {
            metrics.refused(purge, status);
        }
        backoffMillis = minBackoffMillis;
        busy = false;
        send();
    }

    private void scheduleRetry(Purge purge, String reason) {
        if (closed) {
            return;
        }
        metrics.retried(reason);
        pending.restore(purge);
        metrics.waiting(pending.size());
        retryTimer = vertx.setTimer(backoffMillis, id -> retry());
        backoffMillis = Math.min(2 * backoffMillis, MAX_BACKOFF.toMillis());
    }

    @Override
    public void close() {
        context.runOnContext(dispatched -> closed = true);
        sender.close();
    }

    /**
     * {@code edge_purge_total{outcome}} and {@code edge_purge_waiting}; logs the first failure of a series and its end.
     *
     * <p>Confined to the event loop of its purger, but for {@code waiting}, which is atomic and read by scrapes.
     */
    static final class Metrics {

        private static final Logger log = LoggerFactory.getLogger(Purger.class);

        private final URI url;
        private final Counter done;
        private final Counter retried;
        private final Counter refused;
        private final AtomicInteger waiting;
        private boolean failing;

        Metrics(URI url, MeterRegistry meters) {
            this.url = requireNonNull(url, "url");
            this.done = counter("done", meters);
            this.retried = counter("retried", meters);
            this.refused = counter("refused", meters);
            this.waiting = requireNonNull(meters.gauge("edge.purge.waiting", new AtomicInteger()), "gauge");
        }

        private static Counter counter(String outcome, MeterRegistry meters) {
            return Counter.builder("edge.purge")
                    .description("Purges sent to the edge by outcome: done, retried, refused")
                    .tag("outcome", outcome)
                    .register(meters);
        }

        void waiting(int tags) {
            waiting.set(tags);
        }

        void done(Purge purge) {
            done.increment();
            if (failing) {
                log.info("the edge at {} accepts purges again", url);
            }
            failing = false;
            log.debug("the edge accepted {}", purge);
        }

        void retried(String reason) {
            retried.increment();
            if (!failing) {
                log.warn("purges to the edge at {} fail and are retried: {}", url, reason);
            }
            failing = true;
        }

        void refused(Purge purge, int status) {
            refused.increment();
            log.error("the edge at {} refused {} with status {}; it may serve stale responses", url, purge, status);
        }
    }

    /**
     * One purge request to the edge.
     *
     * <p>Immutable.
     *
     * @param mode whether stale responses may still be served
     * @param tags cache tags of the purged responses
     * @param versions the live versions; the edge caches responses of no others
     * @param since when these versions became live on this server; of several servers the edge applies the latest
     */
    record Purge(Mode mode, List<String> tags, List<Integer> versions, Instant since) {

        Purge {
            requireNonNull(mode, "mode");
            tags = List.copyOf(tags);
            versions = List.copyOf(versions);
            requireNonNull(since, "since");
        }

        /** The request body. */
        String json() {
            return new JsonObject()
                    .put("tags", new JsonArray(tags))
                    .put("mode", mode == Mode.HARD ? "hard" : "soft")
                    .put(
                            "versions",
                            new JsonArray(versions.stream().map(String::valueOf).toList()))
                    .put("since", since.toEpochMilli())
                    .encode();
        }

        /** What the edge does with purged responses. */
        enum Mode {
            /** Serves them while it revalidates them, and if that fails. */
            SOFT,
            /** Never serves them again. */
            HARD
        }
    }
}
