package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The list of the trends, read in the background: when it has grown old, and every second while the store is down, which is
 * how its return is noticed.
 *
 * <p>Thread-safe: {@code latest} and {@code due} are volatile, {@code reading} is atomic.
 */
final class TrendDirectory implements AutoCloseable {

    private static final long LOOK_MILLIS = 1000;

    private final Vertx vertx;
    private final FeastTable table;
    private final StoreHealth health;
    private final long refreshNanos;
    private final LongSupplier nanoClock;
    private final AtomicReference<@Nullable Promise<TrendList>> reading = new AtomicReference<>();
    private volatile @Nullable Read latest;
    private volatile long timer;
    private volatile boolean due;

    TrendDirectory(Vertx vertx, FeastTable table, StoreHealth health, long refreshNanos, LongSupplier nanoClock) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.table = requireNonNull(table, "table");
        this.health = requireNonNull(health, "health");
        this.refreshNanos = refreshNanos;
        this.nanoClock = requireNonNull(nanoClock, "nanoClock");
    }

    /** Reads the list, and again whenever that is due. */
    void watch() {
        read();
        timer = vertx.setPeriodic(LOOK_MILLIS, id -> {
            Read known = latest;
            if (due && reading.get() == null) {
                due = false;
                read();
            } else if (known == null || health.down() || nanoClock.getAsLong() - known.atNanos() >= refreshNanos) {
                read();
            }
        });
    }

    /** Whether it was read at all. */
    boolean isRead() {
        return latest != null;
    }

    /** What was read last; empty before that. */
    TrendList known() {
        Read known = latest;
        return known == null ? TrendList.EMPTY : known.list();
    }

    /** What was read last, or the first list when it has been read; on the context of whoever asks. */
    Future<TrendList> list() {
        Read known = latest;
        if (known != null) {
            return Future.succeededFuture(known.list());
        }
        Future<TrendList> first = read();
        Context asking = Vertx.currentContext();
        if (asking == null) {
            return first;
        }
        Promise<TrendList> own = Promise.promise();
        first.onComplete(done -> asking.runOnContext(ignored -> own.handle(done)));
        return own.future();
    }

    /** Has the list read again: with the next look, or at once and waited for if the market is a new one. */
    Future<?> changed(String market) {
        due = true;
        if (known().markets().contains(market)) {
            return Future.succeededFuture();
        }
        // A reading that has begun may be past the place where the new market stands.
        return reading.get() == null ? read() : read().transform(begunBefore -> read());
    }

    /** One reading at a time; who comes meanwhile waits for the same. */
    private Future<TrendList> read() {
        Promise<TrendList> own = Promise.promise();
        Promise<TrendList> running = reading.compareAndExchange(null, own);
        if (running != null) {
            return running.future();
        }
        long start = nanoClock.getAsLong();
        table.list().onComplete((list, failure) -> {
            if (failure == null) {
                latest = new Read(list, start);
                health.answered();
            }
            reading.set(null);
            if (failure == null) {
                own.complete(list);
            } else {
                own.fail(health.failed(failure));
            }
        });
        return own.future();
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }

    private record Read(TrendList list, long atNanos) {}
}
