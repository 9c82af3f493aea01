package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.TlsCertificate.TlsConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Address and limits of the public HTTP listener.
 *
 * <p>Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any free one
 * @param eventLoops the number of event loops that serve the port
 * @param maxBody the largest request body, in bytes
 * @param maxBodies the most bytes of bodies in memory, of all requests together; gRPC has as many of its own
 * @param maxItems the most items or hashtags in a request
 * @param maxImage the largest encoded image, in bytes
 * @param requestTimeout the longest time for a request, and the time for one without a timeout of its own
 * @param shutdownGrace the time in which a stopping server that is no longer ready still answers requests
 * @param corsOrigins the origins whose web pages may send requests, separated by commas; {@code *} for all, empty for
 *     none
 * @param allowedHosts the host names, in addition to its own, under which a listener without authentication may be
 *     requested, separated by commas; also of gRPC
 * @param connections the limits of connections
 * @param tls the certificate, also of gRPC
 */
public record HttpConfig(
        String host,
        int port,
        int eventLoops,
        int maxBody,
        long maxBodies,
        int maxItems,
        int maxImage,
        Duration requestTimeout,
        Duration shutdownGrace,
        String corsOrigins,
        String allowedHosts,
        ConnectionConfig connections,
        TlsConfig tls) {

    private static final int MEGABYTE = 1_000_000;
    private static final long MAX_BODIES = 128 * MEGABYTE;
    private static final int MAX_EVENT_LOOPS = 1024;

    public HttpConfig {
        requireNonNull(host, "host");
        requireNonNull(requestTimeout, "requestTimeout");
        requireNonNull(shutdownGrace, "shutdownGrace");
        requireNonNull(corsOrigins, "corsOrigins");
        requireNonNull(allowedHosts, "allowedHosts");
        requireNonNull(connections, "connections");
        requireNonNull(tls, "tls");
        require(!host.isBlank(), "host: an address, not blank");
        require(port >= 0 && port <= 65_535, "port: 0 to 65535, not " + port);
        require(
                eventLoops >= 1 && eventLoops <= MAX_EVENT_LOOPS,
                "eventLoops: 1 to " + MAX_EVENT_LOOPS + ", not " + eventLoops);
        require(maxBody >= 1 && maxBody <= 1000 * MEGABYTE, "maxBody: 1 to 1000000000 bytes, not " + maxBody);
        require(
                maxBodies >= maxBody,
                "maxBodies: room for one body of " + maxBody + " bytes at least, not " + maxBodies);
        require(maxItems >= 1 && maxItems <= 10_000, "maxItems: 1 to 10000, not " + maxItems);
        require(maxImage >= 1 && maxImage <= 1000 * MEGABYTE, "maxImage: 1 to 1000000000 bytes, not " + maxImage);
        require(
                requestTimeout.compareTo(Duration.ofMillis(1)) >= 0
                        && requestTimeout.compareTo(Duration.ofHours(1)) <= 0,
                "requestTimeout: 1 ms to 1 h, not " + requestTimeout);
        require(
                !shutdownGrace.isNegative() && shutdownGrace.compareTo(Duration.ofHours(1)) <= 0,
                "shutdownGrace: 0 s to 1 h, not " + shutdownGrace);
        for (String origin : origins(corsOrigins)) {
            require(
                    origin.equals("*") || origin.matches("https?://[^/\\s]+"),
                    "corsOrigins: * or origins such as https://shop.example, not " + origin);
        }
        AllowedHosts.of(allowedHosts, host);
    }

    /** With the default connection limits and body budget, without TLS, without a grace period. */
    public HttpConfig(
            String host,
            int port,
            int maxBody,
            int maxItems,
            int maxImage,
            Duration requestTimeout,
            String corsOrigins) {
        this(
                host,
                port,
                eventLoops(Runtime.getRuntime().availableProcessors()),
                maxBody,
                maxBodies(Runtime.getRuntime().maxMemory(), maxBody),
                maxItems,
                maxImage,
                requestTimeout,
                Duration.ZERO,
                corsOrigins,
                AllowedHosts.DEFAULT,
                ConnectionConfig.defaults(),
                TlsConfig.defaults());
    }

    /** The loopback address, port 8080, and the limits that the OpenAPI document states. */
    public static HttpConfig defaults() {
        return new HttpConfig("127.0.0.1", 8080, 8 * MEGABYTE, 64, 5 * MEGABYTE, Duration.ofSeconds(10), "");
    }

    /** The host names under which a listener may be requested: all where clients must authenticate. */
    public AllowedHosts hosts(Authenticator authenticator) {
        return authenticator.isAnonymous() ? AllowedHosts.of(allowedHosts, host) : AllowedHosts.ANY;
    }

    /** One event loop on up to three processors, else one for every two: inference threads use the rest. */
    static int eventLoops(int processors) {
        return Math.max(1, processors / 2);
    }

    /**
     * The body budget for a heap. A body with an image takes up to nine times its length while it is read: encoded, as
     * text and as bytes.
     */
    static long maxBodies(long heapBytes, int maxBody) {
        return Math.max(maxBody, Math.min(MAX_BODIES, heapBytes / 32));
    }

    /** The origins, one by one. */
    List<String> origins() {
        return origins(corsOrigins);
    }

    private static List<String> origins(String commaList) {
        return Arrays.stream(commaList.split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .toList();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
