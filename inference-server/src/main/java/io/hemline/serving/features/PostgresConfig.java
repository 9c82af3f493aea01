package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.config.Secret;
import java.net.URI;
import java.time.Duration;

/**
 * Settings of the PostgreSQL database of Feast's online store.
 *
 * <p>Immutable.
 *
 * @param url such as {@code postgresql://127.0.0.1:5432/hemline}
 * @param user database user; needs read access to one table only
 * @param password of that user, empty for none
 * @param poolSize the most connections
 * @param timeout of one read, connecting included
 * @param refresh age from which features and the list of trends are refreshed in the background
 * @param maxBytes approximate memory of cached features
 */
public record PostgresConfig(
        URI url, String user, Secret password, int poolSize, Duration timeout, Duration refresh, long maxBytes) {

    private static final int DEFAULT_PORT = 5432;

    public PostgresConfig {
        requireNonNull(url, "url");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("url: user and password have settings of their own and stand not in it");
        }
        if (!"postgresql".equals(url.getScheme())
                || url.getHost() == null
                || url.getPath().length() < 2
                || url.getQuery() != null) {
            throw new IllegalArgumentException(
                    "url: such as postgresql://127.0.0.1:5432/hemline, without options, not " + url);
        }
        if (poolSize < 1 || poolSize > 64) {
            throw new IllegalArgumentException("poolSize: 1 to 64, not " + poolSize);
        }
        if (timeout.toMillis() < 10 || timeout.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new IllegalArgumentException("timeout: 10 milliseconds to 30 seconds, not " + timeout);
        }
        if (refresh.toMillis() < 10 || refresh.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("refresh: 10 milliseconds to 24 hours, not " + refresh);
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes: 0 or more, not " + maxBytes);
        }
    }

    /** A local PostgreSQL, a refresh after one minute, and 64 MiB, which hold some 6,000 trends of five years. */
    public static PostgresConfig defaults() {
        return new PostgresConfig(
                URI.create("postgresql://127.0.0.1:5432/hemline"),
                "hemline",
                Secret.NONE,
                4,
                Duration.ofMillis(500),
                Duration.ofMinutes(1),
                64L << 20);
    }

    /** The port, by default 5432. */
    public int port() {
        return url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
    }

    /** The name of the database. */
    public String database() {
        return url.getPath().substring(1);
    }

    /** Host, port and database, for messages. */
    public String where() {
        return url.getHost() + ":" + port() + "/" + database();
    }
}
