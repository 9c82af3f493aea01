package io.hemline.serving;

import static io.hemline.serving.Listeners.await;
import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.cache.VersionCaches;
import io.hemline.serving.core.Responder;
import io.hemline.serving.edge.Edge;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.SnapshotSource.InvalidSnapshot;
import io.hemline.serving.lifecycle.Slots;
import io.hemline.serving.messaging.Events;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.rollout.ShadowRunner;
import io.hemline.serving.rollout.VersionSelector;
import io.hemline.serving.security.Authentication;
import io.hemline.serving.security.Authentication.InvalidKeyMaterial;
import io.hemline.serving.telemetry.ProcessMeters;
import io.hemline.serving.telemetry.StageMeters;
import io.hemline.serving.telemetry.Telemetry;
import io.hemline.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server as a whole: its parts, opened in order and closed in reverse order. The steps of a request are
 * {@link ForecastPath}'s.
 *
 * <p>Thread-safe: its parts are; a field that is not final is set before the server is shared, or volatile.
 */
public final class Server implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Server.class);

    private final ServerConfig config;
    private final ResourceStack opened = new ResourceStack();
    private final Vertx vertx;
    private final FeatureSource source;
    private final VersionCaches caches;
    private final Events events;
    private final Responder entry;
    private final Models models;
    private final Edge edge;
    private final Readiness readiness;
    private final Listeners listeners;
    private final WarmUp warmUp;

    private Server(ServerConfig config) {
        this.config = requireNonNull(config, "config");
        try {
            Telemetry telemetry = opened.add(
                    "the logs", new Telemetry(config.metrics(), config.accessLog(), config.traces(), version()));
            MeterRegistry meters = telemetry.meters();
            ProcessMeters.register(meters);
            this.vertx = Vertx.vertx(new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setEventLoopPoolSize(eventLoops(config.http().eventLoops())));
            opened.add("the event loops", () -> await(vertx.close()));
            Authentication authentication =
                    opened.add("the authentication", Authentication.open(config.auth(), vertx, meters));
            this.source = opened.add(
                    "the features",
                    FeatureSource.open(config.features(), vertx, meters, StageMeters.recorder("postgres", meters)));
            FeatureSource.registerAge(source, Clock.systemUTC(), meters);
            this.events = Events.of(config.events(), vertx, Clock.systemUTC(), meters);
            opened.add("the events", () -> await(events.close()));

            Slots slots = Slots.empty();
            VersionSelector versions = new VersionSelector(slots, config.store().canary());
            ShadowRunner shadow = new ShadowRunner(slots, config.store(), meters);
            this.caches = new VersionCaches(config.cache(), Ticker.systemTicker(), meters);
            this.readiness = new Readiness(slots.stable());
            ForecastPath path = new ForecastPath(versions, shadow::copying, events, caches, source, meters);
            this.entry = path.entry();
            this.models = opened.add(
                    "the models",
                    new Models(
                            config.store().open(),
                            config.store(),
                            config.batch(),
                            config.encoder(),
                            config.features(),
                            source,
                            slots,
                            versions,
                            shadow,
                            path::of,
                            readiness::isWarm,
                            meters));
            this.edge = opened.add(
                    "the edge",
                    Edge.open(
                            config.edge(), vertx, config.store().model(), models::settled, Clock.systemUTC(), meters));
            this.listeners = new Listeners(
                    config,
                    vertx,
                    authentication.authenticator(),
                    entry,
                    versions,
                    models,
                    readiness,
                    telemetry,
                    version());
            this.warmUp = new WarmUp(vertx, config, models, source, path);
            opened.add("the admin listener", listeners::closeAdmin);
            opened.add("the public listeners", listeners::drainPublic);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    /** Starts a server; returns when it listens, and when a model is live if the store has a loadable one. */
    public static Server start(ServerConfig config) throws StartException {
        TemporaryFiles.require();
        Server server;
        try {
            server = new Server(config);
        } catch (InvalidSnapshot | StoreException | InvalidKeyMaterial | UncheckedIOException e) {
            throw new StartException(requireNonNull(e.getMessage()), e);
        }
        try {
            server.open();
        } catch (StartException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void open() throws StartException {
        listeners.openAdmin();
        try {
            events.start(this::featuresUpdated);
            models.start();
            // Only now: a load balancer sends requests to any listener that takes connections, and a 503 reaches the
            // client.
            listeners.openPublic();
            warmUp.start(readiness);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while the first model was loaded", e);
        }
        log.info("{}", entry);
        listeners.logPorts();
    }

    /**
     * Evicts cache entries of old features; fails while the feature store is unavailable, so the event is redelivered.
     */
    private Future<Void> featuresUpdated(String market, List<String> hashtags) {
        return source.refresh(market, hashtags)
                .onComplete(done -> caches.evict(market, hashtags))
                .onSuccess(done -> edge.featuresChanged(market));
    }

    /** Vert.x's default number, or the public listener's loops and one for the other listeners if that is more. */
    private static int eventLoops(int publicOnes) {
        return Math.max(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE, publicOnes + 1);
    }

    private static String version() {
        String version = Server.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Whether requests should be sent to this server. */
    public boolean ready() {
        return readiness.isReady();
    }

    /** How many requests of the warm-up were answered. */
    int warmUpRequests() {
        return warmUp.answered();
    }

    /** The port of public HTTP. */
    public int port() {
        return listeners.http();
    }

    /** The port of the admin listener. */
    public int adminPort() {
        return listeners.admin();
    }

    /** The port of gRPC, −1 when there is none. */
    public int grpcPort() {
        return listeners.grpc();
    }

    /** The caches of all versions. */
    public VersionCaches caches() {
        return caches;
    }

    /** The path of a request, from the choice of its version on. */
    public Responder entry() {
        return entry;
    }

    /** The served model. */
    public Models models() {
        return models;
    }

    /**
     * Serves until a stop signal. Then the server reports that it is not ready, answers during a grace period, so that
     * load balancers can react, lets the running requests finish and closes everything.
     */
    void serveUntil(StopSignal stop) throws InterruptedException {
        try {
            stop.await();
            readiness.drain();
            Duration grace = config.http().shutdownGrace();
            if (!grace.isZero()) {
                log.info("not ready any more, answering for another {} ms (http.shutdown-grace)", grace.toMillis());
                listeners.retire();
                Thread.sleep(grace.toMillis());
            }
            log.info("stopping: {} requests are running", listeners.running());
        } finally {
            close();
        }
        log.info("stopped");
    }

    /** Stops being ready, lets the running requests finish, and closes the resources in reverse order. */
    @Override
    public void close() {
        readiness.drain();
        opened.close();
    }
}
