package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.features.TrendCache.Entry;
import io.hemline.serving.features.TrendDirectory.TrendList;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Trends from Feast's online store in PostgreSQL. Features are cached; those older than the refresh interval are served
 * while they are refreshed in the background.
 *
 * <p>Thread-safe: {@code cache}, {@code refreshing} and {@code directory} are concurrent, {@code invalidatedNanos} is
 * volatile.
 */
public final class FeastSource implements FeatureSource {

    /*
     * A lookup costs at most one round trip, whatever its size. A trend without a market is read in every known market,
     * since only the volumes show the greatest one.
     *
     * Features are stale when they are older than the refresh interval and the last read of the store failed. Before that
     * they are served unmarked: the first lookup after a long pause returns features as old as the pause.
     *
     * An update event refreshes the trends that it names. A read that began before the event may have seen the old
     * features; its result is returned but not cached.
     *
     * A trend with invalid features is treated as unknown, counted and logged.
     */
    private static final int REFRESH_BATCH = 64;

    private final FeastTable table;
    private final TrendDirectory directory;
    private final TrendCache cache;
    private final Set<TrendQuestion> refreshing = ConcurrentHashMap.newKeySet();
    private final StoreHealth health;
    private final LongSupplier nanoClock;
    private final long refreshNanos;
    private final LongConsumer readNanosRecorder;
    private volatile long invalidatedNanos;

    private FeastSource(
            Vertx vertx,
            PostgresConfig config,
            LongSupplier nanoClock,
            MeterRegistry meters,
            LongConsumer readNanosRecorder) {
        this.nanoClock = requireNonNull(nanoClock, "nanoClock");
        this.readNanosRecorder = requireNonNull(readNanosRecorder, "readNanosRecorder");
        this.refreshNanos = config.refresh().toNanos();
        this.invalidatedNanos = nanoClock.getAsLong();
        this.health = new StoreHealth(config.where(), meters);
        this.table = new FeastTable(vertx, config, health::unusable);
        this.cache = new TrendCache(config.maxBytes());
        this.directory = new TrendDirectory(vertx, table, health, refreshNanos, nanoClock);
    }

    /**
     * Opens the store without waiting for it to answer.
     *
     * @param readNanosRecorder receives the nanoseconds of every read
     */
    public static FeastSource open(
            PostgresConfig config,
            Vertx vertx,
            LongSupplier nanoClock,
            MeterRegistry meters,
            LongConsumer readNanosRecorder) {
        FeastSource source = new FeastSource(vertx, config, nanoClock, meters, readNanosRecorder);
        source.directory.start();
        return source;
    }

    @Override
    public Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions) {
        long now = nanoClock.getAsLong();
        Map<TrendQuestion, KnownTrend> answers = new HashMap<>();
        Set<TrendQuestion> due = new HashSet<>();
        Set<TrendQuestion> missing = new HashSet<>();
        for (TrendQuestion question : questions) {
            Entry entry = cache.get(question);
            if (entry == null) {
                missing.add(question);
            } else if (now - entry.readNanos() < refreshNanos) {
                answers.put(question, entry.trend());
            } else {
                due.add(question);
                answers.put(question, health.down() ? entry.trend().asStale() : entry.trend());
            }
        }
        if (missing.isEmpty()) {
            refresh(due);
            return Future.succeededFuture(ordered(questions, answers));
        }
        missing.addAll(due);
        return read(missing).map(fresh -> {
            due.forEach(answers::remove);
            answers.putAll(fresh);
            return ordered(questions, answers);
        });
    }

    private static List<Optional<KnownTrend>> ordered(
            List<TrendQuestion> questions, Map<TrendQuestion, KnownTrend> answers) {
        return questions.stream()
                .map(question -> Optional.ofNullable(answers.get(question)))
                .toList();
    }

    /** Refreshes what is not being refreshed yet. While the store is down, the directory detects its recovery first. */
    private void refresh(Collection<TrendQuestion> due) {
        if (health.down()) {
            return;
        }
        List<TrendQuestion> own = due.stream().filter(refreshing::add).toList();
        if (!own.isEmpty()) {
            read(own).onComplete(done -> own.forEach(refreshing::remove));
        }
    }

    private Future<Map<TrendQuestion, KnownTrend>> read(Collection<TrendQuestion> questions) {
        boolean marketUnknown = questions.stream().anyMatch(question -> question.market() == null);
        return (marketUnknown ? directory.list() : Future.succeededFuture(TrendList.EMPTY))
                .compose(list -> read(questions, list.markets()));
    }

    private Future<Map<TrendQuestion, KnownTrend>> read(Collection<TrendQuestion> questions, Set<String> markets) {
        Set<TrendQuestion> keys = new HashSet<>();
        for (TrendQuestion question : questions) {
            keys.addAll(inMarkets(question, markets));
        }
        long start = nanoClock.getAsLong();
        return table.find(keys).transform((found, failure) -> {
            readNanosRecorder.accept(nanoClock.getAsLong() - start);
            if (failure != null) {
                return Future.failedFuture(health.failed(failure));
            }
            health.answered();
            return Future.succeededFuture(answers(questions, markets, found, start));
        });
    }

    private static List<TrendQuestion> inMarkets(TrendQuestion question, Set<String> markets) {
        return question.market() != null
                ? List.of(question)
                : markets.stream()
                        .map(market -> new TrendQuestion(question.hashtag(), market))
                        .toList();
    }

    private Map<TrendQuestion, KnownTrend> answers(
            Collection<TrendQuestion> questions,
            Set<String> markets,
            Map<TrendQuestion, KnownTrend> found,
            long readNanos) {
        Map<TrendQuestion, KnownTrend> answers = new HashMap<>();
        for (TrendQuestion question : questions) {
            boolean current = readNanos - invalidatedNanos >= 0;
            Optional<KnownTrend> best = inMarkets(question, markets).stream()
                    .map(found::get)
                    .flatMap(trend -> Optional.<KnownTrend>ofNullable(trend).stream())
                    .max(KnownTrend.BY_RECENT_VOLUME);
            best.ifPresentOrElse(
                    trend -> {
                        answers.put(question, trend);
                        if (current) {
                            cache.put(question, trend, readNanos);
                        }
                    },
                    () -> cache.remove(question));
        }
        return answers;
    }

    @Override
    public Future<Void> refresh(String market, Collection<String> hashtags) {
        long now = nanoClock.getAsLong();
        invalidatedNanos = now;
        List<TrendQuestion> named = hashtags.stream()
                .flatMap(hashtag -> Stream.of(new TrendQuestion(hashtag, market), new TrendQuestion(hashtag, null)))
                .filter(question -> cache.setReadTime(question, now - refreshNanos))
                .toList();
        return directory.changed(market).compose(known -> refreshFrom(named, 0));
    }

    /** Refreshes in batches, so that lookups run in between. */
    private Future<Void> refreshFrom(List<TrendQuestion> questions, int first) {
        if (first >= questions.size()) {
            return Future.succeededFuture();
        }
        int next = Math.min(first + REFRESH_BATCH, questions.size());
        return read(questions.subList(first, next)).compose(done -> refreshFrom(questions, next));
    }

    @Override
    public Future<List<TrendQuestion>> all() {
        return directory.list().map(TrendList::trends);
    }

    @Override
    public Future<Map<String, Long>> encoders() {
        return table.encoders().recover(failure -> Future.failedFuture(health.failed(failure)));
    }

    @Override
    public boolean isRead() {
        return directory.isRead();
    }

    @Override
    public Set<String> markets() {
        return directory.known().markets();
    }

    @Override
    public String asOf() {
        return directory.known().asOf();
    }

    @Override
    public void close() {
        health.close();
        directory.close();
        table.close();
    }

    @Override
    public String toString() {
        return "Feast at " + table;
    }
}
