package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.text.ParseException;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks bearer tokens, each once until it expires or the issuer's keys change.
 *
 * <p>Thread-safe: a concurrent cache of bounded size, and an atomic count of the tokens that are being checked.
 */
final class BearerTokens {

    /*
     * Checking a signature takes long for an event loop, so it is done beside them, and only so many wait at a time:
     * strangers with endless new tokens then delay one another, and those who are known already not at all.
     */
    private static final int MAX_KEPT = 10_000;
    private static final int MAX_WAITING = 256;

    private final IssuerKeys keys;
    private final Claims claims;
    private final Clock clock;
    private final Function<Callable<Client>, Future<Client>> beside;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Cache<Sha256, Remembered> kept =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    /**
     * Tokens of one issuer.
     *
     * @param beside runs what takes long
     */
    BearerTokens(IssuerKeys keys, Claims claims, Clock clock, Function<Callable<Client>, Future<Client>> beside) {
        this.keys = requireNonNull(keys, "keys");
        this.claims = requireNonNull(claims, "claims");
        this.clock = requireNonNull(clock, "clock");
        this.beside = requireNonNull(beside, "beside");
    }

    /** Tokens that are checked on the threads of an executor. */
    static BearerTokens on(WorkerExecutor executor, IssuerKeys keys, Claims claims, Clock clock) {
        return new BearerTokens(keys, claims, clock, work -> executor.executeBlocking(work, false));
    }

    /** Whose token it is, if it was checked before and is still good. */
    @Nullable Client known(String token) {
        Remembered remembered = kept.getIfPresent(Sha256.of(token));
        if (remembered == null
                || clock.millis() >= remembered.verified().untilMillis()
                || remembered.generation() != keys.generation()) {
            return null;
        }
        return remembered.verified().client();
    }

    /** Whose token it is; fails with {@link AccessDenied}. */
    Future<Client> check(String token) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(AccessDenied.undecided("Too many new tokens wait to be checked; try again."));
        }
        return checkNow(token).onComplete(done -> waiting.decrementAndGet());
    }

    private Future<Client> checkNow(String token) {
        SignedJWT jwt;
        try {
            jwt = SignedJWT.parse(token);
            TokenHeader.require(jwt);
        } catch (ParseException e) {
            return Future.failedFuture(denied("The token is no signed JWT."));
        } catch (AccessDenied e) {
            return Future.failedFuture(e);
        }
        return keys.matching(jwt.getHeader())
                .compose(found -> beside.apply(() -> {
                    TokenSignature.require(jwt, found.keys());
                    Verified verified = claims.read(jwt);
                    kept.put(Sha256.of(token), new Remembered(verified, found.generation()));
                    return verified.client();
                }));
    }

    static AccessDenied denied(String detail) {
        return AccessDenied.unknown(detail, "Bearer realm=\"hemline\", error=\"invalid_token\"");
    }

    /**
     * Who a token is of.
     *
     * @param untilMillis when it expires, milliseconds since 1970
     */
    record Verified(Client client, long untilMillis) {}

    /**
     * A token that was checked.
     *
     * @param generation of the keys that it was checked with; by any others it must be checked again
     */
    private record Remembered(Verified verified, long generation) {}
}
