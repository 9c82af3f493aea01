package io.hemline.serving.access;

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
 * <p>Thread-safe: its lock guards what is kept and the one look-up in flight.
 */
final class IssuerKeys {

    /*
     * Anyone can name a key that there is not. So there is one look-up at a time, whom all wait for, and the next one not
     * before a while; in between such tokens are refused without a look. When the issuer cannot be reached, what is kept
     * goes on for a day.
     */
    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
    static final Duration BETWEEN = Duration.ofSeconds(30);
    static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    static final Duration FRESH = Duration.ofMinutes(10);
    static final Duration OUTAGE = Duration.ofDays(1);

    private final Supplier<Future<JWKSet>> source;
    private final LongSupplier nanoTime;
    private final MeterRegistry meters;
    private final Object lock = new Object();

    @GuardedBy("lock") private @Nullable JWKSet kept;

    @GuardedBy("lock") private @Nullable Future<JWKSet> lookUp;

    @GuardedBy("lock") private long keptNanos;

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
    Future<List<JWK>> matching(JWSHeader header) {
        JWKSelector wanted = new JWKSelector(JWKMatcher.forJWSHeader(header));
        List<JWK> found = select(wanted, kept());
        if (!found.isEmpty()) {
            return Future.succeededFuture(found);
        }
        return lookUp().recover(failure -> Future.failedFuture(
                        AccessDenied.undecided("The issuer's keys cannot be had now, so no new token can be checked.")))
                .map(set -> {
                    List<JWK> now = select(wanted, set);
                    if (now.isEmpty()) {
                        throw BearerTokens.denied("The token's key (kid) is none of the issuer's.");
                    }
                    return now;
                });
    }

    /** Looks the keys up now, so that the first token need not wait. */
    void prepare() {
        lookUp();
    }

    private static List<JWK> select(JWKSelector wanted, @Nullable JWKSet set) {
        return set == null ? List.of() : wanted.select(set);
    }

    /** What is kept, unless it is too old; what is not fresh is looked up again behind the caller's back. */
    private @Nullable JWKSet kept() {
        boolean fresh;
        JWKSet set;
        synchronized (lock) {
            long age = nanoTime.getAsLong() - keptNanos;
            set = age > OUTAGE.toNanos() ? null : kept;
            fresh = set == null || age < FRESH.toNanos();
        }
        if (!fresh) {
            lookUp();
        }
        return set;
    }

    /** The look-up in flight, or a new one, or what is kept if it is too early for a new one. */
    private Future<JWKSet> lookUp() {
        synchronized (lock) {
            if (lookUp != null) {
                return lookUp;
            }
            if (nanoTime.getAsLong() - nextNanos < 0) {
                return kept == null
                        ? Future.failedFuture("looked up in vain a moment ago")
                        : Future.succeededFuture(kept);
            }
            Future<JWKSet> started = source.get();
            lookUp = started;
            started.onComplete(this::keep);
            return started;
        }
    }

    private void keep(@Nullable JWKSet set, @Nullable Throwable failure) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            lookUp = null;
            nextNanos = now + (failure == null ? BETWEEN : AFTER_FAILURE).toNanos();
            if (failure == null) {
                kept = set;
                keptNanos = now;
            }
        }
        String outcome = failure == null ? "done" : "failed";
        meters.counter("access.reload", "what", "jwks", "outcome", outcome).increment();
        if (failure != null) {
            log.error("the issuer's keys cannot be looked up, so the old ones stay in force: {}", failure.toString());
        }
    }
}
