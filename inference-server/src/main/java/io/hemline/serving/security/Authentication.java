package io.hemline.serving.security;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the gate and what keeps it up to date.
 *
 * <p>Thread-safe: keys are replaced as a whole in an atomic reference; the rest is set before it is shared.
 */
public final class Authentication implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Authentication.class);
    private static final long MAX_BYTES = 10_000_000;
    private static final int TOKEN_THREADS = 2;
    private static final long PATIENCE_SECONDS = 10;

    private final Authenticator gate;
    private final List<AutoCloseable> opened;

    private Authentication(Authenticator gate, List<AutoCloseable> opened) {
        this.gate = gate;
        this.opened = List.copyOf(opened);
    }

    /** Opens the gate that the configuration describes; fails with {@link InvalidKeyMaterial} on a bad keys' file. */
    public static Authentication open(AuthConfig config, Vertx vertx, MeterRegistry meters) {
        List<AutoCloseable> opened = new ArrayList<>();
        AtomicReference<ApiKeys> keys = config.hasKeys() ? keys(config.apiKeysFile(), vertx, meters, opened) : null;
        BearerTokens tokens = config.mode() == AuthMode.JWT ? tokens(config.jwt(), vertx, meters, opened) : null;
        Authenticator gate = config.mode() == AuthMode.NONE
                ? Authenticator.OPEN
                : new CredentialAuthenticator(keys == null ? null : keys::get, tokens);
        log.info("the gate: {}", gate);
        return new Authentication(gate, opened);
    }

    /** A gate that lets in the bearer of one key, to read. */
    public static Authenticator readingBy(ApiKey key) {
        ApiKeys one = ApiKeys.read(key.line("one", Set.of(Scope.FORECAST_READ)));
        return new CredentialAuthenticator(() -> one, null);
    }

    /** Tells who asks. */
    public Authenticator gate() {
        return gate;
    }

    private static AtomicReference<ApiKeys> keys(
            Path file, Vertx vertx, MeterRegistry meters, List<AutoCloseable> opened) {
        AtomicReference<ApiKeys> keys = new AtomicReference<>();
        WatchedFiles watched = new WatchedFiles(
                vertx,
                "api-keys",
                List.of(file),
                () -> {
                    keys.set(read(file));
                    return keys;
                },
                meters);
        keys.set(read(file));
        opened.add(watched.start());
        return keys;
    }

    private static ApiKeys read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("more than " + MAX_BYTES + " bytes");
            }
            return ApiKeys.read(Files.readString(file));
        } catch (IOException e) {
            throw new InvalidKeyMaterial("auth.api-keys-file " + file + " cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyMaterial("auth.api-keys-file " + file + ", " + e.getMessage(), e);
        }
    }

    private static BearerTokens tokens(
            JwtConfig config, Vertx vertx, MeterRegistry meters, List<AutoCloseable> opened) {
        IssuerKeys keys = new IssuerKeys(KeySource.of(vertx, config), System::nanoTime, meters);
        if (!config.isFetched()) {
            List<Path> file = List.of(Path.of(config.jwks()));
            opened.add(new WatchedFiles(vertx, "jwks-file", file, () -> renewed(keys), meters).start());
        }
        keys.prepare();
        WorkerExecutor checking = vertx.createSharedWorkerExecutor("hemline-tokens", TOKEN_THREADS);
        opened.add(checking::close);
        Clock clock = Clock.systemUTC();
        return BearerTokens.on(checking, keys, new Claims(config, clock), clock);
    }

    private static IssuerKeys renewed(IssuerKeys keys) throws Exception {
        keys.renew().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return keys;
    }

    @Override
    public void close() {
        List<AutoCloseable> reversed = new ArrayList<>(opened);
        Collections.reverse(reversed);
        for (AutoCloseable one : reversed) {
            try {
                one.close();
            } catch (Exception e) {
                log.warn("closing the gate failed", e);
            }
        }
    }
}
