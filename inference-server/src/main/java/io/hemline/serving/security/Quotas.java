package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.hemline.serving.security.Client.Scope;
import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rate limits of requests per client, as token buckets.
 *
 * <p>Thread-safe: the buckets and their cache are.
 */
public final class Quotas {

    /*
     * A bucket is full at first and refills evenly, so a client may burst once and then continues at the rate of the
     * quota. Cache hits count like all other requests, since the caches are invisible to clients. A bucket that was not
     * used for a whole window is full again, so its eviction changes nothing; only if more clients than the configured
     * maximum appear within one window do evicted clients start with a full bucket early.
     *
     * Clients are distinguished by id, and without authentication by the address of the connection: with one bucket for
     * all of them one client could exhaust it, and X-Forwarded-For can be forged. A proxy in front makes them one
     * client; its own limits apply there (nginx/conf/http/limits.conf). Requests of the edge without a client of its
     * own refresh its cache and are not counted.
     */
    private static final String NAME = "\"per-client\"";

    private static final int IPV6_BYTES = 16;
    private static final int IPV6_PREFIX_GROUPS = 4;
    private static final int IPV4_MAPPED_BYTES = 12;

    /** No quotas. */
    public static final Quotas NONE = new Quotas(QuotaConfig.defaults(), System::nanoTime);

    private final QuotaConfig config;
    private final @Nullable String policy;
    private final TimeMeter clock;
    private final Cache<String, Bucket> buckets;

    private Quotas(QuotaConfig config, LongSupplier nanoTime) {
        this.config = requireNonNull(config, "config");
        this.policy = config.on()
                ? NAME + ";q=" + config.requests() + ";w=" + config.window().toSeconds()
                : null;
        this.clock = new Clock(nanoTime);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(config.maxClients())
                .expireAfterAccess(config.window())
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /** The configured quotas. */
    public static Quotas of(QuotaConfig config, LongSupplier nanoTime) {
        return config.on() ? new Quotas(config, nanoTime) : NONE;
    }

    /** The value of the header {@code RateLimit-Policy}; {@code null} without quotas. */
    public @Nullable String policy() {
        return policy;
    }

    /** Counts one request; returns a value if it exceeds the quota. */
    public @Nullable QuotaExceeded count(Client client, SocketAddress remote) {
        return policy == null ? null : consume(client, remote);
    }

    private @Nullable QuotaExceeded consume(Client client, SocketAddress remote) {
        String key = client.id();
        if (client.equals(Client.ANONYMOUS)) {
            key = network(String.valueOf(remote.hostAddress()));
        } else if (client.scopes().contains(Scope.EDGE)) {
            return null;
        }
        Bucket bucket = buckets.get(key, unused -> fullBucket());
        if (bucket.tryConsume(1)) {
            return null;
        }
        long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return new QuotaExceeded(config, Duration.ofNanos(wait));
    }

    private Bucket fullBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(config.requests()).refillGreedy(config.requests(), config.window()))
                .withCustomTimePrecision(clock)
                .build();
    }

    /**
     * The network that an anonymous client is counted under: an IPv4 address itself, an IPv6 address by its first 64
     * bits, the smallest allocation of a subscriber (RFC 6177), and anything else itself. nginx and the edge count
     * alike; {@code model-store/fixtures/client-networks.json} has the shared cases.
     */
    static String network(String address) {
        byte[] bytes = address.indexOf(':') < 0 ? null : NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != IPV6_BYTES) {
            return address;
        }
        if (isMappedIpv4(bytes)) {
            return NetUtil.bytesToIpAddress(bytes, IPV4_MAPPED_BYTES, IPV6_BYTES - IPV4_MAPPED_BYTES);
        }
        StringBuilder network = new StringBuilder();
        for (int group = 0; group < IPV6_PREFIX_GROUPS; group++) {
            network.append(Integer.toHexString(((bytes[2 * group] & 0xff) << 8) | (bytes[2 * group + 1] & 0xff)))
                    .append(':');
        }
        return network.append(":/64").toString();
    }

    private static boolean isMappedIpv4(byte[] bytes) {
        for (int i = 0; i < IPV4_MAPPED_BYTES - 2; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[IPV4_MAPPED_BYTES - 2] == -1 && bytes[IPV4_MAPPED_BYTES - 1] == -1;
    }

    /** A monotonic clock for the buckets. */
    private record Clock(LongSupplier nanoTime) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /** A request that exceeds the quota of its client. Has no stack trace: a rejection is a regular answer. */
    public static final class QuotaExceeded extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final long seconds;

        private QuotaExceeded(QuotaConfig quota, Duration untilRefill) {
            this(quota, Math.max(1, untilRefill.plusNanos(999_999_999).toSeconds()));
        }

        private QuotaExceeded(QuotaConfig quota, long seconds) {
            super(
                    "At most " + quota.requests() + " requests in "
                            + quota.window().toSeconds() + " seconds; try again in " + seconds
                            + (seconds == 1 ? " second." : " seconds."),
                    null,
                    false,
                    false);
            this.seconds = seconds;
        }

        /** A sentence for the client. */
        public String detail() {
            return String.valueOf(getMessage());
        }

        /** Seconds until the next request is within the quota. */
        public long seconds() {
            return seconds;
        }

        /** The value of the header {@code RateLimit}. */
        public String rateLimit() {
            return NAME + ";r=0;t=" + seconds;
        }
    }

    /**
     * The request quota of each client.
     *
     * <p>Immutable.
     *
     * @param requests the greatest burst, and the sustained number of requests per window; 0 for no quota
     * @param window the time in which an empty bucket refills, evenly
     * @param maxClients the most clients counted at a time
     */
    public record QuotaConfig(int requests, Duration window, int maxClients) {

        private static final Duration MAX_WINDOW = Duration.ofHours(24);

        public QuotaConfig {
            requireNonNull(window, "window");
            if (requests < 0) {
                throw new IllegalArgumentException("requests: 0 (no quota) or more, not " + requests);
            }
            if (window.toSeconds() < 1 || window.toMillis() % 1000 != 0 || window.compareTo(MAX_WINDOW) > 0) {
                throw new IllegalArgumentException("window: whole seconds, 1 s to 24 h, not " + window);
            }
            if (maxClients < 1 || maxClients > 10_000_000) {
                throw new IllegalArgumentException("maxClients: 1 to 10000000, not " + maxClients);
            }
        }

        /** No quota. */
        public static QuotaConfig defaults() {
            return new QuotaConfig(0, Duration.ofMinutes(1), 100_000);
        }

        boolean on() {
            return requests > 0;
        }
    }
}
