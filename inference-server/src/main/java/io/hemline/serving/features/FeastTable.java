package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.features.TrendDirectory.TrendList;
import io.hemline.serving.features.wire.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The table of Feast's online store for the feature view {@code trend_features} of the project {@code hemline}: one row for
 * each feature of each trend.
 *
 * <p>Thread-safe: the client is.
 */
final class FeastTable implements AutoCloseable {

    private static final String FIND =
            "select entity_key, feature_name, value, event_ts from hemline_trend_features where entity_key = any($1)";
    private static final String PAGE = "select entity_key, event_ts from hemline_trend_features"
            + " where entity_key > $1 and feature_name = 'volume' order by entity_key limit $2";
    private static final String ENCODERS = "select value, count(*) from hemline_trend_features"
            + " where feature_name = 'encoder_digest' group by value";
    private static final int PAGE_ROWS = 2000;
    private static final int PIPELINING_LIMIT = 16;
    private static final int MAX_QUEUED = 1024;
    private static final int READ_IDLE_SECONDS = 30;
    /** Replaces digests that cannot be decoded; matches no encoder. */
    private static final String UNREADABLE = "unreadable";

    private final SqlClient client;
    private final String where;
    private final long timeoutMillis;
    private final BiConsumer<TrendQuestion, RuntimeException> unusable;

    /** {@code unusable} receives the trends whose features are invalid. */
    FeastTable(Vertx vertx, PostgresConfig config, BiConsumer<TrendQuestion, RuntimeException> unusable) {
        this.client = client(vertx, config);
        this.where = config.where();
        this.timeoutMillis = config.timeout().toMillis();
        this.unusable = requireNonNull(unusable, "unusable");
    }

    private static SqlClient client(Vertx vertx, PostgresConfig config) {
        PgConnectOptions connection = new PgConnectOptions()
                .setHost(config.url().getHost())
                .setPort(config.port())
                .setDatabase(config.database())
                .setUser(config.user())
                .setPassword(config.password().reveal())
                .setPipeliningLimit(PIPELINING_LIMIT)
                .setCachePreparedStatements(true);
        PoolOptions pool = new PoolOptions()
                .setMaxSize(config.poolSize())
                .setMaxWaitQueueSize(MAX_QUEUED)
                .setConnectionTimeout((int) config.timeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.client()
                .with(pool)
                // A connection that was silent for long may be dead; a new one costs milliseconds.
                .with(new NetClientOptions()
                        .setConnectTimeout((int) config.timeout().toMillis())
                        .setReadIdleTimeout(READ_IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(connection)
                .using(vertx)
                .build();
    }

    /** The known ones of the trends, each with its market, in one round trip. Invalid trends are left out. */
    Future<Map<TrendQuestion, KnownTrend>> find(Collection<TrendQuestion> trends) {
        Map<Buffer, TrendQuestion> keys = new HashMap<>();
        trends.forEach(trend ->
                keys.put(EntityKey.of(requireNonNull(trend.market(), "market"), trend.hashtag()), trend));
        Tuple arguments = Tuple.tuple().addArrayOfBuffer(keys.keySet().toArray(Buffer[]::new));
        return client.preparedQuery(FIND)
                .execute(arguments)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .map(rows -> trends(rows, keys));
    }

    private Map<TrendQuestion, KnownTrend> trends(Iterable<Row> rows, Map<Buffer, TrendQuestion> keys) {
        Map<Buffer, FeastTrend> byKey = new HashMap<>();
        for (Row row : rows) {
            byKey.computeIfAbsent(row.getBuffer(0), key -> new FeastTrend())
                    .add(row.getString(1), row.getBuffer(2), eventTime(row, 3));
        }
        Map<TrendQuestion, KnownTrend> known = new HashMap<>();
        byKey.forEach((key, features) -> {
            TrendQuestion trend = requireNonNull(keys.get(key), "key");
            try {
                known.put(trend, features.trend(trend));
            } catch (RuntimeException e) {
                // Any invalid content: an exception here would fail the read of all trends.
                unusable.accept(trend, e);
            }
        });
        return known;
    }

    /** Every trend in every market, read page by page so that other queries run in between. */
    Future<TrendList> list() {
        return list(new ArrayList<>(), new HashSet<>(), Instant.MIN, Buffer.buffer());
    }

    private Future<TrendList> list(List<TrendQuestion> trends, Set<String> markets, Instant newest, Buffer after) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.of(after, PAGE_ROWS))
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .compose(rows -> {
                    Instant latest = newest;
                    Buffer last = after;
                    for (Row row : rows) {
                        last = row.getBuffer(0);
                        TrendQuestion trend = EntityKey.parse(last);
                        Instant time = eventTime(row, 1);
                        if (trend != null && time != null) {
                            trends.add(trend);
                            markets.add(requireNonNull(trend.market(), "market"));
                            latest = latest.isAfter(time) ? latest : time;
                        }
                    }
                    return rows.size() < PAGE_ROWS
                            ? Future.succeededFuture(
                                    new TrendList(trends, markets, trends.isEmpty() ? "" : latest.toString()))
                            : list(trends, markets, latest, last);
                });
    }

    /** The number of trends by encoder digest. */
    Future<Map<String, Long>> encoders() {
        return client.preparedQuery(ENCODERS)
                .execute()
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .map(rows -> {
                    Map<String, Long> encoders = new HashMap<>();
                    for (Row row : rows) {
                        String digest = digest(row.getBuffer(0));
                        if (digest != null) {
                            encoders.merge(digest, row.getLong(1), Long::sum);
                        }
                    }
                    return encoders;
                });
    }

    private static @Nullable String digest(@Nullable Buffer value) {
        try {
            Value decoded = value == null ? null : FeastTrend.decode(value, Value.ValCase.STRING_VAL);
            return decoded == null ? null : decoded.getStringVal();
        } catch (IllegalArgumentException e) {
            return UNREADABLE;
        }
    }

    /** The row's event time; {@code null} if it is missing or has no year of four digits. */
    private static @Nullable Instant eventTime(Row row, int column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null || time.getYear() < 1 || time.getYear() > 9999 ? null : time.toInstant();
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return where;
    }
}
