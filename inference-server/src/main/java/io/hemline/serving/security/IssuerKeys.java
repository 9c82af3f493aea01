package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache of the issuer's public keys. It refreshes in the background once it is stale, and at once when a token names
 * an unknown key, which is how issuers rotate keys.
 *
 * <p>Thread-safe: {@code cached} is volatile and replaced as a whole; {@code lock} guards the look-ups.
 */
final class IssuerKeys {

    /*
     * A token may name a key that does not exist. So there is one look-up at a time, which all such tokens share, and a
     * minimum interval between two; in between, tokens get the outcome of the last one: rejected if its set lacked
     * their key, unavailable if it failed. While the issuer is unreachable, the cached set remains valid for a day.
     *
     * Nimbus' JWKSetSource wrappers (caching, rate limit, outage) block the calling thread for a look-up, read the
     * system clock, and grant two look-ups per interval: two unknown keys would stall both token threads.
     */
    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
    static final Duration MIN_INTERVAL = Duration.ofSeconds(30);
    static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);
    static final Duration REFRESH_AFTER = Duration.ofMinutes(10);
    static final Duration MAX_AGE = Duration.ofDays(1);

    /** The generation while there is no valid set. */
    static final long NONE = 0;

    private final Supplier<Future<JWKSet>> source;
    private final LongSupplier nanoTime;
    private final MeterRegistry meters;
    private final Object lock = new Object();
    private volatile @Nullable CachedSet cached;

    @GuardedBy("lock") private Future<CachedSet> last = Future.failedFuture("no look-up yet");

    @GuardedBy("lock") private long nextLookUpNanos;

    /**
     * An empty cache.
     *
     * @param source reads the issuer's set
     * @param nanoTime {@link System#nanoTime}
     */
    IssuerKeys(Supplier<Future<JWKSet>> source, LongSupplier nanoTime, MeterRegistry meters) {
        this.source = requireNonNull(source, "source");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.meters = requireNonNull(meters, "meters");
        this.nextLookUpNanos = nanoTime.getAsLong();
    }

    /** The keys that match the header of a token; fails with {@link AccessDenied}. */
    Future<MatchingKeys> matching(JWSHeader header) {
        JWKSelector selector = new JWKSelector(JWKMatcher.forJWSHeader(header));
        CachedSet current = valid();
        List<JWK> matching = current == null ? List.of() : selector.select(current.set());
        if (current != null && !matching.isEmpty()) {
            return Future.succeededFuture(new MatchingKeys(current.generation(), matching));
        }
        return lookUp().recover(failure -> Future.failedFuture(AccessDenied.unavailable(
                        "The issuer's keys are unavailable, so new tokens cannot be verified now.")))
                .map(refreshed -> {
                    List<JWK> keys = selector.select(refreshed.set());
                    if (keys.isEmpty()) {
                        throw TokenVerifier.invalid("The token's key (kid) is none of the issuer's.");
                    }
                    return new MatchingKeys(refreshed.generation(), keys);
                });
    }

    /** The number of the valid set, which increases with every change of the keys; {@link #NONE} if there is none. */
    long generation() {
        CachedSet current = valid();
        return current == null ? NONE : current.generation();
    }

    /** Starts the first look-up before a token needs it. */
    void prefetch() {
        lookUp();
    }

    /** Looks the keys up even if they are fresh; after a look-up in flight, which may have read the old ones. */
    Future<Void> refresh() {
        synchronized (lock) {
            return last.isComplete() ? start().mapEmpty() : last.transform((done, failure) -> refresh());
        }
    }

    /** The cached set unless it is too old; refreshes a stale one in the background. */
    private @Nullable CachedSet valid() {
        CachedSet current = cached;
        if (current == null) {
            return null;
        }
        long age = nanoTime.getAsLong() - current.readAtNanos();
        if (age >= REFRESH_AFTER.toNanos()) {
            lookUp();
        }
        return age > MAX_AGE.toNanos() ? null : current;
    }

    /** The look-up in flight; else the last one within the minimum interval, and a new one after it. */
    private Future<CachedSet> lookUp() {
        synchronized (lock) {
            boolean early = nanoTime.getAsLong() - nextLookUpNanos < 0;
            return early || !last.isComplete() ? last : start();
        }
    }

    @GuardedBy("lock") private Future<CachedSet> start() {
        last = source.get()
                .transform((set, failure) -> failure == null
                        ? Future.succeededFuture(succeeded(set))
                        : Future.failedFuture(failed(failure)));
        return last;
    }

    private CachedSet succeeded(JWKSet set) {
        synchronized (lock) {
            CachedSet before = cached;
            long now = nanoTime.getAsLong();
            long generation = before == null
                    ? NONE + 1
                    : before.generation() + (before.set().equals(set) ? 0 : 1);
            CachedSet after = new CachedSet(set, generation, now);
            cached = after;
            nextLookUpNanos = now + MIN_INTERVAL.toNanos();
            count("done");
            return after;
        }
    }

    private Throwable failed(Throwable failure) {
        synchronized (lock) {
            nextLookUpNanos = nanoTime.getAsLong() + RETRY_INTERVAL.toNanos();
        }
        count("failed");
        log.error(
                "the issuer's keys cannot be read; cached ones remain valid for at most {} hours: {}",
                MAX_AGE.toHours(),
                failure.toString());
        return failure;
    }

    private void count(String outcome) {
        meters.counter("access.reload", "what", "jwks", "outcome", outcome).increment();
    }

    /**
     * The keys that match a token.
     *
     * @param generation of their set
     */
    record MatchingKeys(long generation, List<JWK> keys) {}

    private record CachedSet(JWKSet set, long generation, long readAtNanos) {}
}
