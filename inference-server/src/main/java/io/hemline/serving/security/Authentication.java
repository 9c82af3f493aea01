package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.Client.Scope;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the authenticator, and the watchers that keep its keys up to date.
 *
 * <p>Thread-safe: the keys are replaced as a whole in an atomic reference; all else is final.
 */
public final class Authentication implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Authentication.class);
    private static final long MAX_BYTES = 10_000_000;
    private static final int TOKEN_THREADS = 2;
    private static final long REFRESH_TIMEOUT_SECONDS = 10;

    private final Authenticator authenticator;
    private final List<AutoCloseable> resources;

    private Authentication(Authenticator authenticator, List<AutoCloseable> resources) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.resources = List.copyOf(resources);
    }

    /** Opens the configured authentication; fails with {@link InvalidKeyMaterial} on an invalid file of API keys. */
    public static Authentication open(AuthConfig config, Vertx vertx, MeterRegistry meters) {
        List<AutoCloseable> resources = new ArrayList<>();
        AtomicReference<ApiKeys> keys = config.hasKeys() ? keys(config.apiKeysFile(), vertx, meters, resources) : null;
        BearerTokens tokens =
                config.mode() == AuthConfig.Mode.JWT ? tokens(config.jwt(), vertx, meters, resources) : null;
        Authenticator authenticator = config.mode() == AuthConfig.Mode.NONE
                ? Authenticator.NONE
                : new CredentialAuthenticator(keys == null ? null : keys::get, tokens);
        log.info("authentication: {}", authenticator);
        return new Authentication(authenticator, resources);
    }

    /** An authenticator that accepts one key, with the scope to read forecasts. */
    public static Authenticator ofKey(ApiKey key) {
        ApiKeys keys = ApiKeys.read(key.line("one", Set.of(Scope.FORECAST_READ)));
        return new CredentialAuthenticator(() -> keys, null);
    }

    public Authenticator authenticator() {
        return authenticator;
    }

    private static AtomicReference<ApiKeys> keys(
            Path file, Vertx vertx, MeterRegistry meters, List<AutoCloseable> resources) {
        AtomicReference<ApiKeys> keys = new AtomicReference<>();
        FileWatcher watcher = new FileWatcher(
                vertx,
                "api-keys",
                List.of(file),
                () -> {
                    keys.set(read(file));
                    return keys;
                },
                meters);
        keys.set(read(file));
        resources.add(watcher.start());
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
            AuthConfig.JwtConfig config, Vertx vertx, MeterRegistry meters, List<AutoCloseable> resources) {
        IssuerKeys keys = new IssuerKeys(JwkSetSource.of(vertx, config), System::nanoTime, meters);
        if (!config.isFetched()) {
            List<Path> file = List.of(Path.of(config.jwks()));
            resources.add(new FileWatcher(vertx, "jwks-file", file, () -> refresh(keys), meters).start());
        }
        keys.prefetch();
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("hemline-tokens", TOKEN_THREADS);
        resources.add(workers::close);
        Clock clock = Clock.systemUTC();
        return BearerTokens.on(workers, keys, new TokenVerifier(config, clock), clock);
    }

    private static IssuerKeys refresh(IssuerKeys keys) throws Exception {
        keys.refresh().toCompletionStage().toCompletableFuture().get(REFRESH_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return keys;
    }

    @Override
    public void close() {
        List<AutoCloseable> reversed = new ArrayList<>(resources);
        Collections.reverse(reversed);
        for (AutoCloseable resource : reversed) {
            try {
                resource.close();
            } catch (Exception e) {
                log.warn("closing the authentication failed", e);
            }
        }
    }

    /** A file of keys or certificates that cannot be used. The message names the setting, the file and the fault. */
    public static final class InvalidKeyMaterial extends RuntimeException {

        private static final long serialVersionUID = 1;

        InvalidKeyMaterial(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
