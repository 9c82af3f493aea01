package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.TrendQuestion;
import io.hemline.serving.features.TrendCache.Kept;
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
 * Trends from the online store that Feast writes. What was read is kept and answered at once; what has grown old is read
 * again meanwhile.
 *
 * <p>Thread-safe: {@code kept} and {@code refreshing} are concurrent, {@code changedNanos} is volatile, {@code trends}
 * watches the list by itself.
 */
public final class FeastSource implements FeatureSource {

    /*
     * One question costs at most one round trip, whatever it holds. Trends without a market are asked for in every market
     * that the list knows, for the greatest can only be told by the volumes.
     *
     * Features are called stale when they are older than the refresh and the store did not answer when last asked. Until
     * then they are answered as they are: the first answer after a long silence may be as old as that silence.
     *
     * Whoever says that features changed has them read again. A read that began before that may have seen the old ones: it
     * is answered and not kept.
     *
     * A trend whose features break the rules counts as unknown, is counted and logged.
     */
    private static final int PIECE = 64;

    private final FeastTable table;
    private final TrendDirectory trends;
    private final TrendCache kept;
    private final Set<TrendQuestion> refreshing = ConcurrentHashMap.newKeySet();
    private final StoreHealth health;
    private final LongSupplier nanoClock;
    private final long refreshNanos;
    private final LongConsumer times;
    private volatile long changedNanos;

    private FeastSource(
            Vertx vertx, PostgresConfig config, LongSupplier nanoClock, MeterRegistry meters, LongConsumer times) {
        this.nanoClock = requireNonNull(nanoClock, "nanoClock");
        this.times = requireNonNull(times, "times");
        this.refreshNanos = config.refresh().toNanos();
        this.changedNanos = nanoClock.getAsLong();
        this.health = new StoreHealth(config.where(), meters);
        this.table = new FeastTable(vertx, config, health::unusable);
        this.kept = new TrendCache(config.maxBytes());
        this.trends = new TrendDirectory(vertx, table, health, refreshNanos, nanoClock);
    }

    /**
     * Opens the store; whether it answers shows later.
     *
     * @param times takes the nanoseconds of every read
     */
    public static FeastSource open(
            PostgresConfig config, Vertx vertx, LongSupplier nanoClock, MeterRegistry meters, LongConsumer times) {
        FeastSource source = new FeastSource(vertx, config, nanoClock, meters, times);
        source.trends.watch();
        return source;
    }

    @Override
    public Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions) {
        long now = nanoClock.getAsLong();
        Map<TrendQuestion, KnownTrend> answers = new HashMap<>();
        Set<TrendQuestion> old = new HashSet<>();
        Set<TrendQuestion> unknown = new HashSet<>();
        for (TrendQuestion question : questions) {
            Kept one = kept.get(question);
            if (one == null) {
                unknown.add(question);
            } else if (now - one.readNanos() < refreshNanos) {
                answers.put(question, one.trend());
            } else {
                old.add(question);
                answers.put(question, health.down() ? one.trend().asStale() : one.trend());
            }
        }
        if (unknown.isEmpty()) {
            refresh(old);
            return Future.succeededFuture(ordered(questions, answers));
        }
        unknown.addAll(old);
        return read(unknown).map(fresh -> {
            old.forEach(answers::remove);
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

    /** Reads again what nobody is reading again yet; while the store is down the watch over the list finds out first. */
    private void refresh(Collection<TrendQuestion> old) {
        if (health.down()) {
            return;
        }
        List<TrendQuestion> mine = old.stream().filter(refreshing::add).toList();
        if (!mine.isEmpty()) {
            read(mine).onComplete(done -> mine.forEach(refreshing::remove));
        }
    }

    private Future<Map<TrendQuestion, KnownTrend>> read(Collection<TrendQuestion> questions) {
        boolean open = questions.stream().anyMatch(question -> question.market() == null);
        return (open ? trends.list() : Future.succeededFuture(TrendList.EMPTY))
                .compose(list -> read(questions, list.markets()));
    }

    private Future<Map<TrendQuestion, KnownTrend>> read(Collection<TrendQuestion> questions, Set<String> markets) {
        Set<TrendQuestion> keys = new HashSet<>();
        for (TrendQuestion question : questions) {
            keys.addAll(inMarkets(question, markets));
        }
        long start = nanoClock.getAsLong();
        return table.find(keys).transform((found, failure) -> {
            times.accept(nanoClock.getAsLong() - start);
            if (failure != null) {
                return Future.failedFuture(health.failed(failure));
            }
            health.answered();
            return Future.succeededFuture(keep(questions, markets, found, start));
        });
    }

    private static List<TrendQuestion> inMarkets(TrendQuestion question, Set<String> markets) {
        return question.market() != null
                ? List.of(question)
                : markets.stream()
                        .map(market -> new TrendQuestion(question.hashtag(), market))
                        .toList();
    }

    private Map<TrendQuestion, KnownTrend> keep(
            Collection<TrendQuestion> questions,
            Set<String> markets,
            Map<TrendQuestion, KnownTrend> found,
            long readNanos) {
        Map<TrendQuestion, KnownTrend> answers = new HashMap<>();
        for (TrendQuestion question : questions) {
            boolean current = readNanos - changedNanos >= 0;
            Optional<KnownTrend> meant = inMarkets(question, markets).stream()
                    .map(found::get)
                    .flatMap(trend -> Optional.<KnownTrend>ofNullable(trend).stream())
                    .max(KnownTrend.BY_RECENT_VOLUME);
            meant.ifPresentOrElse(
                    trend -> {
                        answers.put(question, trend);
                        if (current) {
                            kept.put(question, trend, readNanos);
                        }
                    },
                    () -> kept.forget(question));
        }
        return answers;
    }

    @Override
    public Future<Void> refresh(String market, Collection<String> hashtags) {
        long now = nanoClock.getAsLong();
        changedNanos = now;
        List<TrendQuestion> named = hashtags.stream()
                .flatMap(hashtag -> Stream.of(new TrendQuestion(hashtag, market), new TrendQuestion(hashtag, null)))
                .filter(question -> kept.age(question, now - refreshNanos))
                .toList();
        return trends.changed(market).compose(known -> readFrom(named, 0));
    }

    /** A piece after the other, so that requests are read in between. */
    private Future<Void> readFrom(List<TrendQuestion> questions, int first) {
        if (first >= questions.size()) {
            return Future.succeededFuture();
        }
        int next = Math.min(first + PIECE, questions.size());
        return read(questions.subList(first, next)).compose(done -> readFrom(questions, next));
    }

    @Override
    public Future<List<TrendQuestion>> all() {
        return trends.list().map(TrendList::trends);
    }

    @Override
    public Future<Map<String, Long>> encoders() {
        return table.encoders().recover(failure -> Future.failedFuture(health.failed(failure)));
    }

    @Override
    public boolean isRead() {
        return trends.isRead();
    }

    @Override
    public Set<String> markets() {
        return trends.known().markets();
    }

    @Override
    public String asOf() {
        return trends.known().asOf();
    }

    @Override
    public void close() {
        health.close();
        trends.close();
        table.close();
    }

    @Override
    public String toString() {
        return "Feast at " + table;
    }
}
