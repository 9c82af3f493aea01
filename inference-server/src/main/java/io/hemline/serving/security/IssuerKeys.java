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
 * The issuer's public keys, kept and looked up again: after a while in the background, and at once when a token names a
 * key that is not among them, which is how issuers change keys.
 *
 * <p>Thread-safe: {@code kept} is volatile and replaced as a whole; its lock guards the look-ups.
 */
final class IssuerKeys {

    /*
     * Anyone can name a key that does not exist. So there is one look-up at a time, which all such tokens wait for, and the
     * next one not before a while; in between they get the outcome of the last: refused if it was a set without their key,
     * undecided if it failed. While the issuer cannot be reached, the set that is kept stays in force for a day.
     */
    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
    static final Duration BETWEEN = Duration.ofSeconds(30);
    static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    static final Duration FRESH = Duration.ofMinutes(10);
    static final Duration OUTAGE = Duration.ofDays(1);

    /** The generation while no keys are in force. */
    static final long NONE = 0;

    private final Supplier<Future<JWKSet>> source;
    private final LongSupplier nanoTime;
    private final MeterRegistry meters;
    private final Object lock = new Object();
    private volatile @Nullable Kept kept;

    @GuardedBy("lock") private Future<Kept> last = Future.failedFuture("never looked up");

    @GuardedBy("lock") private long nextNanos;

    /**
     * Keys that are looked up when they are needed.
     *
     * @param source looks them up
     * @param nanoTime counts as {@link System#nanoTime}
     */
    IssuerKeys(Supplier<Future<JWKSet>> source, LongSupplier nanoTime, MeterRegistry meters) {
        this.source = requireNonNull(source, "source");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.meters = requireNonNull(meters, "meters");
        this.nextNanos = nanoTime.getAsLong();
    }

    /** The keys that can have made such a signature; fails with {@link AccessDenied}. */
    Future<Found> matching(JWSHeader header) {
        JWKSelector wanted = new JWKSelector(JWKMatcher.forJWSHeader(header));
        Kept now = inForce();
        List<JWK> found = now == null ? List.of() : wanted.select(now.set());
        if (now != null && !found.isEmpty()) {
            return Future.succeededFuture(new Found(now.generation(), found));
        }
        return lookUp().recover(failure -> Future.failedFuture(
                        AccessDenied.undecided("The issuer's keys cannot be had now, so no new token can be checked.")))
                .map(looked -> {
                    List<JWK> among = wanted.select(looked.set());
                    if (among.isEmpty()) {
                        throw BearerTokens.denied("The token's key (kid) is none of the issuer's.");
                    }
                    return new Found(looked.generation(), among);
                });
    }

    /** Which set is in force: another number after every change of the keys, {@link #NONE} when there is no set. */
    long generation() {
        Kept now = inForce();
        return now == null ? NONE : now.generation();
    }

    /** Looks the keys up now, so that the first token need not wait. */
    void prepare() {
        lookUp();
    }

    /** Looks the keys up again even if they are fresh; after the look-up in flight, which may have seen the old ones. */
    Future<Void> renew() {
        synchronized (lock) {
            return last.isComplete() ? start().mapEmpty() : last.transform((done, failure) -> renew());
        }
    }

    /** The set that is kept, unless it is too old; one that is not fresh is looked up again in the background. */
    private @Nullable Kept inForce() {
        Kept now = kept;
        if (now == null) {
            return null;
        }
        long age = nanoTime.getAsLong() - now.atNanos();
        if (age >= FRESH.toNanos()) {
            lookUp();
        }
        return age > OUTAGE.toNanos() ? null : now;
    }

    /** The look-up in flight, or a new one, or the outcome of the last if it is too early for a new one. */
    private Future<Kept> lookUp() {
        synchronized (lock) {
            boolean early = nanoTime.getAsLong() - nextNanos < 0;
            return early || !last.isComplete() ? last : start();
        }
    }

    @GuardedBy("lock") private Future<Kept> start() {
        last = source.get()
                .transform((set, failure) ->
                        failure == null ? Future.succeededFuture(keep(set)) : Future.failedFuture(noted(failure)));
        return last;
    }

    private Kept keep(JWKSet set) {
        synchronized (lock) {
            Kept before = kept;
            long now = nanoTime.getAsLong();
            long generation = before == null
                    ? NONE + 1
                    : before.generation() + (before.set().equals(set) ? 0 : 1);
            Kept after = new Kept(set, generation, now);
            kept = after;
            nextNanos = now + BETWEEN.toNanos();
            count("done");
            return after;
        }
    }

    private Throwable noted(Throwable failure) {
        synchronized (lock) {
            nextNanos = nanoTime.getAsLong() + AFTER_FAILURE.toNanos();
        }
        count("failed");
        log.error(
                "the issuer's keys cannot be looked up; the old ones stay in force for at most {} hours: {}",
                OUTAGE.toHours(),
                failure.toString());
        return failure;
    }

    private void count(String outcome) {
        meters.counter("access.reload", "what", "jwks", "outcome", outcome).increment();
    }

    /**
     * Keys that can have made a signature.
     *
     * @param generation of the set they are of
     */
    record Found(long generation, List<JWK> keys) {}

    private record Kept(JWKSet set, long generation, long atNanos) {}
}
