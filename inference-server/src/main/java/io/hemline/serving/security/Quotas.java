package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds each client to its share of requests.
 *
 * <p>Thread-safe: the buckets are, and so is what keeps them.
 */
public final class Quotas {

    /*
     * A token bucket for each client: full at first, refilled evenly, so a client may burst once and then goes on at the
     * rate of the quota. Hits are counted like everything else, for a client knows nothing of our caches. A bucket that
     * nobody touched for a whole window is full again, so to forget it then changes nothing; only where more clients come
     * within one window than are counted do some begin anew.
     *
     * Clients are told apart by their id. Where nobody says who they are, by the address of the connection: one bucket for
     * all would let one caller lock out the others, and X-Forwarded-For is anybody's word. Behind a proxy all of them are
     * one, and the proxy is the place to count (nginx/conf/http/limits.conf). The edge asking for nobody in particular is
     * refreshing what it keeps, and is not counted.
     */
    static final String NAME = "\"per-client\"";

    /** No quotas at all. */
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

    /** The quotas that are configured. */
    public static Quotas of(QuotaConfig config, LongSupplier nanoTime) {
        return config.on() ? new Quotas(config, nanoTime) : NONE;
    }

    /** What the header {@code RateLimit-Policy} says; {@code null} where there is no quota. */
    public @Nullable String policy() {
        return policy;
    }

    /** Counts one request; why it is too many, if it is. */
    public @Nullable QuotaExceeded count(Client client, SocketAddress remote) {
        return policy == null ? null : counted(client, remote);
    }

    private @Nullable QuotaExceeded counted(Client client, SocketAddress remote) {
        String key = client.id();
        if (client.equals(Client.ANYONE)) {
            key = ClientNetwork.of(String.valueOf(remote.hostAddress()));
        } else if (client.scopes().contains(Scope.EDGE)) {
            return null;
        }
        Bucket bucket = buckets.get(key, unused -> full());
        if (bucket.tryConsume(1)) {
            return null;
        }
        long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return new QuotaExceeded(config, Duration.ofNanos(wait));
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(config.requests()).refillGreedy(config.requests(), config.window()))
                .withCustomTimePrecision(clock)
                .build();
    }

    /** The clock as the buckets want it. */
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
}
