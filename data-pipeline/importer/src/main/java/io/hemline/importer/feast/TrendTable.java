package io.hemline.importer.feast;

import static java.util.Objects.requireNonNull;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.features.EntityKey;
import io.hemline.serving.features.PostgresConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of Feast's online store for the feature view {@code trend_features} of the project {@code hemline}, over one
 * connection. Every failure is an {@link ImportException} that names the store.
 *
 * <p>Confined to one thread.
 */
final class TrendTable implements AutoCloseable {

    /*
     * PostgreSQL's COPY would be faster, but the driver does not have it. An insert from arrays needs one round trip for
     * thousands of rows, and one statement does all that COPY would need two for, since COPY knows no conflicts.
     *
     * The subqueries of the two reads look up one key after another. As joins, PostgreSQL may run them as a scan of the
     * whole table for each batch: it knows nothing of the number of trends until the first statistics.
     *
     * Feast writes an unconditional upsert. Here a row is not replaced by an older one; a row without an event time, which
     * the server cannot use, is.
     */
    static final String NAME = "hemline_trend_features";

    private static final String CREATE = "create table if not exists " + NAME
            + " (entity_key bytea, feature_name text, value bytea, value_text text null, vector_value bytea null,"
            + " event_ts timestamptz, created_ts timestamptz, primary key (entity_key, feature_name));"
            + " create index if not exists " + NAME + "_ek on " + NAME + " (entity_key);"
            + " create index if not exists " + NAME + "_fts_idx on " + NAME
            + " using gin (to_tsvector('english', value_text))";
    private static final String EXISTS = "select to_regclass('" + NAME + "') is not null";
    private static final String READ = "select entity_key, feature_name, value, event_ts"
            + " from unnest($1::bytea[]) as asked (key) cross join lateral"
            + " (select * from " + NAME + " where entity_key = asked.key offset 0) o";
    private static final String NEWER = "select key from unnest($1::bytea[], $2::timestamptz[]) as asked (key, time)"
            + " where (select max(event_ts) from " + NAME + " where entity_key = asked.key) > time";
    private static final String WRITE = "insert into " + NAME
            + " as o (entity_key, feature_name, value, value_text, event_ts)"
            + " select * from unnest($1::bytea[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[])"
            + " on conflict (entity_key, feature_name) do update set value = excluded.value,"
            + " value_text = excluded.value_text, vector_value = null, event_ts = excluded.event_ts, created_ts = null"
            + " where (o.event_ts > excluded.event_ts) is not true";

    private static final int CONNECT_SECONDS = 10;
    private static final int STATEMENT_SECONDS = 120;

    private final String where;
    private final PgConnection connection;

    private TrendTable(Vertx vertx, PostgresConfig config) {
        this.where = config.where();
        PgConnectOptions options = new PgConnectOptions()
                .setHost(config.url().getHost())
                .setPort(config.port())
                .setDatabase(config.database())
                .setUser(config.user())
                .setPassword(config.password().reveal())
                .addProperty("application_name", "hemline import");
        this.connection = await(PgConnection.connect(vertx, options), CONNECT_SECONDS);
    }

    /** Connects with the settings of the server. */
    static TrendTable connect(Vertx vertx, PostgresConfig config) {
        return new TrendTable(vertx, config);
    }

    /** Whether Feast has made the table. */
    boolean exists() {
        return await(connection.query(EXISTS).execute()).iterator().next().getBoolean(0);
    }

    /** Makes the table and its indexes as Feast does. */
    void create() {
        await(connection.query(CREATE).execute());
    }

    /** The stored ones of the trends, not yet decoded. */
    Map<SeriesKey, StoredTrend> read(Collection<SeriesKey> keys) {
        Map<Buffer, SeriesKey> byBytes = new HashMap<>();
        keys.forEach(key -> byBytes.put(bytes(key), key));
        Map<SeriesKey, StoredTrend> stored = new HashMap<>();
        Buffer[] asked = byBytes.keySet().toArray(Buffer[]::new);
        for (Row row : execute(READ, Tuple.tuple().addArrayOfBuffer(asked))) {
            SeriesKey key = requireNonNull(byBytes.get(row.getBuffer(0)), "key");
            stored.computeIfAbsent(key, unused -> new StoredTrend())
                    .add(row.getString(1), row.getBuffer(2), eventTime(row.getOffsetDateTime(3)));
        }
        return stored;
    }

    /** The event time as the server reads it: {@code null} if it has no year of four digits. */
    private static @Nullable Instant eventTime(@Nullable OffsetDateTime time) {
        return time == null || time.getYear() < 1 || time.getYear() > 9999 ? null : time.toInstant();
    }

    /** Those of the trends of which the store holds a newer row. */
    Set<SeriesKey> newer(Collection<TrendRecord> trends) {
        Map<Buffer, SeriesKey> byBytes = new HashMap<>();
        trends.forEach(trend -> byBytes.put(bytes(SeriesKey.of(trend)), SeriesKey.of(trend)));
        Tuple arguments = Tuple.tuple()
                .addArrayOfBuffer(
                        trends.stream().map(trend -> bytes(SeriesKey.of(trend))).toArray(Buffer[]::new))
                .addArrayOfOffsetDateTime(
                        trends.stream().map(TrendTable::eventTime).toArray(OffsetDateTime[]::new));
        return execute(NEWER, arguments).stream()
                .map(row -> requireNonNull(byBytes.get(row.getBuffer(0)), "key"))
                .collect(Collectors.toSet());
    }

    /** Writes all rows of the trends whose stored row is not newer; returns whether none was. */
    boolean write(Collection<TrendRecord> trends) {
        RowArrays rows = new RowArrays(trends.size() * FeastRow.FEATURES);
        for (TrendRecord trend : trends) {
            Buffer key = bytes(SeriesKey.of(trend));
            OffsetDateTime time = eventTime(trend);
            FeastRow.of(trend).forEach(row -> rows.add(key, row, time));
        }
        return execute(WRITE, rows.arguments()).rowCount() == rows.size();
    }

    /** The time of the features; as Feast has it, 1970 if that is unknown. */
    private static OffsetDateTime eventTime(TrendRecord trend) {
        Instant time = trend.featuresAsOf() == null ? Instant.EPOCH : trend.featuresAsOf();
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Buffer bytes(SeriesKey key) {
        return EntityKey.of(key.market(), key.trend());
    }

    /** Runs the work in one transaction, which a failure rolls back. */
    void inTransaction(Runnable work) {
        Transaction transaction = await(connection.begin());
        try {
            work.run();
            await(transaction.commit());
        } catch (RuntimeException e) {
            transaction.rollback();
            throw e;
        }
    }

    private RowSet<Row> execute(String sql, Tuple arguments) {
        return await(connection.preparedQuery(sql).execute(arguments));
    }

    private <T> T await(Future<T> future) {
        return await(future, STATEMENT_SECONDS);
    }

    private <T> T await(Future<T> future, int seconds) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failed(reason(requireNonNull(e.getCause(), "cause")), e);
        } catch (TimeoutException e) {
            throw failed("no answer within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportException("interrupted", e);
        }
    }

    private ImportException failed(String reason, Exception cause) {
        return new ImportException(
                "the online store at " + where + " (features.postgres.url, .user, .password) failed: " + reason, cause);
    }

    private static String reason(Throwable failure) {
        String message = failure instanceof PgException refusal ? refusal.getErrorMessage() : failure.getMessage();
        return (message == null ? failure.toString() : message).replaceAll("\\s+", " ");
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        return where;
    }
}
