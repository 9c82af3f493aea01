package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * Has the edge forget what is out of date: one purge at a time, again and again until it arrives.
 *
 * <p>Confined to one event loop, on which every method brings itself.
 */
final class Purger implements Edge {

    /*
     * It looks at which versions are live, ten times a second, and not at swaps as they happen: what it missed in between
     * does no harm, since the edge is told which versions are live and keeps no others. While what is live is not what the
     * store wishes (a server that could only fall back to an older version), it says nothing of versions: other servers
     * know better.
     *
     * Every server purges at its own swap and after its own eviction. So the last one to change purges last, and what the
     * edge fetched from it before is fetched again. A server that has not swapped yet may have something to say too, or
     * says again what was not heard; so each says since when its versions are live, and the edge keeps the latest.
     */
    private static final long LOOK_MILLIS = 100;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long NONE = -1;

    private final PurgeSender sender;
    private final Supplier<SortedSet<Integer>> live;
    private final PurgeMetrics counts;
    private final Clock clock;
    private final Vertx vertx;
    private final Context context;
    private final long firstPauseMillis;
    private final PendingPurges wanted;
    private SortedSet<Integer> told = Collections.emptySortedSet();
    private Instant since = Instant.EPOCH;
    private long pauseMillis;
    private long pause = NONE; // timer of the next try
    private boolean busy;
    private boolean closed;

    Purger(
            PurgeSender sender,
            String model,
            Supplier<SortedSet<Integer>> live,
            PurgeMetrics counts,
            Clock clock,
            Vertx vertx,
            Duration firstPause) {
        this.sender = requireNonNull(sender, "sender");
        this.live = requireNonNull(live, "live");
        this.counts = requireNonNull(counts, "counts");
        this.clock = requireNonNull(clock, "clock");
        this.vertx = requireNonNull(vertx, "vertx");
        this.context = vertx.getOrCreateContext();
        this.firstPauseMillis = firstPause.toMillis();
        this.pauseMillis = firstPauseMillis;
        this.wanted = new PendingPurges(model);
    }

    /** Looks at the live versions from now on. */
    void watch() {
        context.runOnContext(start -> look());
    }

    private void look() {
        if (closed) {
            return;
        }
        SortedSet<Integer> now = live.get();
        if (!now.isEmpty() && !now.equals(told)) {
            wanted.versions(told, now);
            told = now;
            since = clock.instant();
            hurry();
        }
        vertx.setTimer(LOOK_MILLIS, id -> look());
    }

    @Override
    public void featuresChanged(String market) {
        context.runOnContext(now -> {
            wanted.market(market);
            send();
        });
    }

    /** A swap does not wait for the next try of what came before it. */
    private void hurry() {
        if (pause == NONE) {
            send();
        } else {
            vertx.cancelTimer(pause);
            pauseMillis = firstPauseMillis;
            resume();
        }
    }

    private void resume() {
        pause = NONE;
        busy = false;
        send();
    }

    private void send() {
        counts.waiting(wanted.size());
        if (busy || closed || wanted.isEmpty() || told.isEmpty()) {
            return;
        }
        busy = true;
        Purge purge = wanted.take(told, since);
        sender.send(purge).onComplete((status, failure) -> {
            if (failure != null) {
                sendAgain(purge, failure.toString());
            } else if (status == 408 || status == 429 || status >= 500) {
                sendAgain(purge, "status " + status);
            } else {
                answered(purge, status);
            }
        });
    }

    private void answered(Purge purge, int status) {
        if (status / 100 == 2) {
            counts.done(purge);
        } else {
            counts.refused(purge, status);
        }
        pauseMillis = firstPauseMillis;
        busy = false;
        send();
    }

    private void sendAgain(Purge purge, String why) {
        if (closed) {
            return;
        }
        counts.retried(why);
        wanted.again(purge);
        counts.waiting(wanted.size());
        pause = vertx.setTimer(pauseMillis, id -> resume());
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE.toMillis());
    }

    @Override
    public void close() {
        context.runOnContext(now -> closed = true);
        sender.close();
    }
}
