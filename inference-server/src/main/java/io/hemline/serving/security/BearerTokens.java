package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jwt.SignedJWT;
import io.hemline.serving.security.TokenVerifier.VerifiedToken;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.text.ParseException;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates clients by bearer tokens. A verified token is cached until it expires or the issuer's keys change.
 *
 * <p>Thread-safe: a concurrent cache of bounded size, and an atomic count of the tokens under verification.
 */
final class BearerTokens {

    /*
     * The verification of a signature is too slow for an event loop and runs on worker threads. The number of tokens
     * under verification is bounded: a flood of new tokens delays other new tokens, and cached ones not at all.
     */
    private static final int MAX_CACHED = 10_000;
    private static final int MAX_PENDING = 256;

    private final IssuerKeys keys;
    private final TokenVerifier verifier;
    private final Clock clock;
    private final Function<Callable<Client>, Future<Client>> workers;
    private final AtomicInteger pending = new AtomicInteger();
    private final Cache<CredentialHash, CachedToken> cache =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    /**
     * Tokens of one issuer.
     *
     * @param workers runs a verification off the event loop
     */
    BearerTokens(
            IssuerKeys keys, TokenVerifier verifier, Clock clock, Function<Callable<Client>, Future<Client>> workers) {
        this.keys = requireNonNull(keys, "keys");
        this.verifier = requireNonNull(verifier, "verifier");
        this.clock = requireNonNull(clock, "clock");
        this.workers = requireNonNull(workers, "workers");
    }

    /** Tokens that are verified on the threads of an executor. */
    static BearerTokens on(WorkerExecutor executor, IssuerKeys keys, TokenVerifier verifier, Clock clock) {
        return new BearerTokens(keys, verifier, clock, work -> executor.executeBlocking(work, false));
    }

    /** The client of a cached token that is still valid. */
    @Nullable Client cached(String token) {
        CachedToken cached = cache.getIfPresent(CredentialHash.of(token));
        if (cached == null
                || clock.millis() >= cached.verified().expiryMillis()
                || cached.generation() != keys.generation()) {
            return null;
        }
        return cached.verified().client();
    }

    /** Verifies a token and caches its client; fails with {@link AccessDenied}. */
    Future<Client> verify(String token) {
        if (pending.incrementAndGet() > MAX_PENDING) {
            pending.decrementAndGet();
            return Future.failedFuture(
                    AccessDenied.unavailable("Too many new tokens wait for verification; try again."));
        }
        return verifyAdmitted(token).onComplete(done -> pending.decrementAndGet());
    }

    private Future<Client> verifyAdmitted(String token) {
        SignedJWT jwt;
        try {
            jwt = SignedJWT.parse(token);
            TokenVerifier.verifyHeader(jwt);
        } catch (ParseException e) {
            return Future.failedFuture(TokenVerifier.invalid("The token is no signed JWT."));
        } catch (AccessDenied e) {
            return Future.failedFuture(e);
        }
        return keys.matching(jwt.getHeader())
                .compose(found -> workers.apply(() -> {
                    VerifiedToken verified = verifier.verify(jwt, found.keys());
                    cache.put(CredentialHash.of(token), new CachedToken(verified, found.generation()));
                    return verified.client();
                }));
    }

    /**
     * A verified token.
     *
     * @param generation of the key set that verified it; invalid under any other
     */
    private record CachedToken(VerifiedToken verified, long generation) {}
}
