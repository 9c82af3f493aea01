package io.hemline.serving.http;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;

/**
 * The limits of a listener's connections.
 *
 * <p>Immutable.
 *
 * @param max the most connections at a time
 * @param maxHeader the largest headers of a request, in bytes
 * @param headerTimeout the longest time from the first byte of a request to the end of its headers
 * @param bodyTimeout the longest time for a body to arrive
 * @param idleTimeout how long a connection may be silent, in addition to the longest time of a request
 */
public record ConnectionConfig(
        int max, int maxHeader, Duration headerTimeout, Duration bodyTimeout, Duration idleTimeout) {

    /** The most concurrent requests of one HTTP/2 connection. */
    public static final int MAX_STREAMS = 100;

    private static final Duration LONGEST = Duration.ofHours(1);

    public ConnectionConfig {
        require(max >= 1 && max <= 1_000_000, "max: 1 to 1000000, not " + max);
        require(maxHeader >= 1024 && maxHeader <= 1_000_000, "maxHeader: 1024 to 1000000 bytes, not " + maxHeader);
        requireTime("headerTimeout", headerTimeout, Duration.ofMillis(10));
        requireTime("bodyTimeout", bodyTimeout, Duration.ofMillis(10));
        requireTime("idleTimeout", idleTimeout, Duration.ofSeconds(1));
    }

    /** Ten thousand connections, 16 KiB, ten seconds, thirty seconds, 75 seconds. */
    public static ConnectionConfig defaults() {
        return new ConnectionConfig(
                10_000, 16_384, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(75));
    }

    /** Adds the limits to a listener's options, for HTTP/2 in the settings that each client gets. */
    public HttpServerOptions addTo(HttpServerOptions options) {
        return options.setMaxHeaderSize(maxHeader)
                .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS).setMaxHeaderListSize(maxHeader));
    }

    private static void requireTime(String name, Duration time, Duration shortest) {
        require(
                time.compareTo(shortest) >= 0 && time.compareTo(LONGEST) <= 0,
                name + ": " + shortest.toMillis() + " ms to 1 h, not " + time);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
