package io.hemline.serving.testing;

import io.hemline.serving.config.Secret;
import io.hemline.serving.features.PostgresConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL that can be killed and brought back with its data, on the same port. */
public final class Postgres implements AutoCloseable {

    public static final String USER = "hemline";
    public static final String PASSWORD = "a secret of the tests";

    /** The rows that Feast wrote for {@code feast-snapshot.jsonl}: key, feature, value (both in hex), event time. */
    public static final Path ROWS = Path.of("src/test/resources/io/hemline/serving/features/feast-rows.csv");

    private static final String TABLE = "create table hemline_trend_features (entity_key bytea, feature_name text,"
            + " value bytea, value_text text, vector_value bytea, event_ts timestamptz, created_ts timestamptz,"
            + " primary key (entity_key, feature_name))";

    private final Path data;
    private final int port;
    private EmbeddedPostgres postgres;

    private Postgres(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.postgres = up();
    }

    /** Starts an empty one whose reader has to prove its password. */
    public static Postgres start(Path folder) throws IOException, SQLException {
        Postgres started = new Postgres(folder.resolve("postgres"), freePort());
        started.run("create role " + USER + " superuser login password '" + PASSWORD + "'");
        Path access = started.data.resolve("pg_hba.conf");
        Files.writeString(access, "host all " + USER + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(access));
        started.run("select pg_reload_conf()");
        return started;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private EmbeddedPostgres up() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    /** Makes the table and fills it with what Feast wrote. */
    public void putFeastRows() throws IOException, SQLException {
        run(TABLE);
        for (String line : Files.readAllLines(ROWS)) {
            List<String> row = List.of(line.split(",", -1));
            put(row.get(0), row.get(1), row.get(2), row.get(3));
        }
    }

    /** Writes one feature of one trend, key and value in hex. */
    public void put(String key, String feature, @Nullable String value, @Nullable String eventTime)
            throws SQLException {
        String upsert = "insert into hemline_trend_features values (?, ?, ?, null, null, ?::timestamptz, now())"
                + " on conflict (entity_key, feature_name) do update set value = excluded.value, event_ts = excluded.event_ts";
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement(upsert)) {
            statement.setBytes(1, HexFormat.of().parseHex(key));
            statement.setString(2, feature);
            statement.setBytes(3, value == null ? null : HexFormat.of().parseHex(value));
            statement.setString(4, eventTime);
            statement.executeUpdate();
        }
    }

    /** Runs a statement. */
    public void run(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one text that a query finds. */
    public String text(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** How the server finds it. */
    public PostgresConfig config(Duration refresh) {
        PostgresConfig defaults = PostgresConfig.defaults();
        return new PostgresConfig(
                URI.create("postgresql://127.0.0.1:" + port + "/postgres"),
                USER,
                Secret.of(PASSWORD),
                defaults.poolSize(),
                Duration.ofSeconds(10),
                refresh,
                defaults.maxBytes());
    }

    public int port() {
        return port;
    }

    /** Ends it the hard way, and returns when nothing of it runs any more. */
    public void kill() throws IOException, InterruptedException, SQLException {
        // The tests' PostgreSQL commits without waiting for its log, and what is asked here is not what it would lose.
        run("checkpoint");
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> backends = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
        TestServer.until(
                "PostgreSQL is gone",
                () -> !postmaster.isAlive() && backends.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Brings it back after {@link #kill}. */
    public void restart() throws IOException {
        // The dead one still holds the lock of its folder; that it cannot be stopped any more is logged and expected.
        postgres.close();
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        postgres = up();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
