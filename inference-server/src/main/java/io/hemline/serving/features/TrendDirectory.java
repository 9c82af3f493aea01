package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.CallerContext;
import io.hemline.serving.core.Question.TrendQuestion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The list of trends in the online store, refreshed in the background: when it is older than the refresh interval, and every
 * second while the store is down, which detects its recovery.
 *
 * <p>Thread-safe: {@code latest}, {@code timer} and {@code due} are volatile, {@code reading} is atomic.
 */
final class TrendDirectory implements AutoCloseable {

    private static final long CHECK_MILLIS = 1000;

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

    /** Reads the list, and refreshes it until {@link #close}. */
    void start() {
        read();
        timer = vertx.setPeriodic(CHECK_MILLIS, id -> {
            Read known = latest;
            if (due && reading.get() == null) {
                due = false;
                read();
            } else if (known == null || health.down() || nanoClock.getAsLong() - known.atNanos() >= refreshNanos) {
                read();
            }
        });
    }

    /** Whether the list has been read. */
    boolean isRead() {
        return latest != null;
    }

    /** The latest list; empty before the first read. */
    TrendList known() {
        Read known = latest;
        return known == null ? TrendList.EMPTY : known.list();
    }

    /** The latest list, or the first one once it is read; completes on the caller's context. */
    Future<TrendList> list() {
        Read known = latest;
        if (known != null) {
            return Future.succeededFuture(known.list());
        }
        return CallerContext.completed(read());
    }

    /** Schedules a refresh with the next check. For an unknown market, refreshes at once and completes afterwards. */
    Future<?> changed(String market) {
        due = true;
        if (known().markets().contains(market)) {
            return Future.succeededFuture();
        }
        // A read in progress may be past the page of the new market.
        return reading.get() == null ? read() : read().transform(earlier -> read());
    }

    /** Reads the list; concurrent callers share one read. */
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

    /**
     * The trends of the online store.
     *
     * <p>Immutable.
     *
     * @param trends each with its market
     * @param markets of the trends
     * @param asOf time of the newest features, RFC 3339; empty without trends
     */
    record TrendList(List<TrendQuestion> trends, Set<String> markets, String asOf) {

        static final TrendList EMPTY = new TrendList(List.of(), Set.of(), "");

        TrendList {
            trends = List.copyOf(trends);
            markets = Set.copyOf(markets);
        }
    }
}
