package io.hemline.importer.feast;

import io.hemline.serving.config.Secret;
import io.hemline.serving.features.PostgresConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A real PostgreSQL whose user has to prove the password. */
public final class Postgres implements AutoCloseable {

    static final String USER = "importer";
    static final String PASSWORD = "a secret of the tests";

    private final EmbeddedPostgres postgres;

    private Postgres(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    public static Postgres start(Path folder) throws IOException, SQLException {
        Path data = folder.resolve("postgres");
        Postgres started = new Postgres(EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setPGStartupWait(Duration.ofSeconds(60))
                .start());
        started.run("create role " + USER + " login password '" + PASSWORD + "'");
        started.run("grant create on schema public to " + USER);
        Path access = data.resolve("pg_hba.conf");
        Files.writeString(access, "host all " + USER + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(access));
        started.run("select pg_reload_conf()");
        return started;
    }

    Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one text that a query finds. */
    String text(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    public PostgresConfig config() {
        return config(postgres.getPort(), PASSWORD);
    }

    static PostgresConfig config(int port, String password) {
        PostgresConfig defaults = PostgresConfig.defaults();
        return new PostgresConfig(
                URI.create("postgresql://127.0.0.1:" + port + "/postgres"),
                USER,
                Secret.of(password),
                defaults.poolSize(),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                defaults.maxBytes());
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
