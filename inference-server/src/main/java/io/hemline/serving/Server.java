package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.admin.AdminListener;
import io.hemline.serving.cache.VersionCache;
import io.hemline.serving.cache.VersionCaches;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.edge.Edge;
import io.hemline.serving.engine.AdmittedForecaster;
import io.hemline.serving.engine.BatchedForecaster;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.features.FeastSource;
import io.hemline.serving.features.FeatureAge;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.FeaturedForecaster;
import io.hemline.serving.features.InvalidSnapshot;
import io.hemline.serving.features.SnapshotSource;
import io.hemline.serving.http.HttpListener;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.PathFactory;
import io.hemline.serving.messaging.Events;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.OpenInference;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.GrpcListener;
import io.hemline.serving.rollout.LeasedForecaster;
import io.hemline.serving.rollout.LeasedTensors;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authentication;
import io.hemline.serving.security.InvalidKeyMaterial;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.telemetry.ProcessMeters;
import io.hemline.serving.telemetry.StageMeters;
import io.hemline.serving.telemetry.StageTimes;
import io.hemline.serving.telemetry.Telemetry;
import io.hemline.serving.telemetry.TimedForecaster;
import io.hemline.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server as a whole: the list of the steps that a request takes, and what they stand on.
 *
 * <p>Thread-safe: volatile flags and a number; all else is set before it is shared.
 */
public final class Server implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final long WAIT_SECONDS = 40;

    private final ServerConfig config;
    private final Opened opened = new Opened();
    private final Telemetry watching;
    private final MeterRegistry meters;
    private final FeatureSource source;
    private final VersionCaches memories;
    private final Models models;
    private final Vertx vertx;
    private final HttpListener door;
    private final GrpcListener grpc;
    private final AdminListener admin;
    private final Edge edge;
    private final Events events;
    private volatile boolean draining;
    private volatile boolean warm;
    private volatile int rehearsed;
    private int port;
    private int adminPort;
    private int grpcPort;

    private Server(ServerConfig config) {
        this.config = requireNonNull(config, "config");
        try {
            this.watching = opened.add(
                    "the logs", new Telemetry(config.metrics(), config.accessLog(), config.traces(), version()));
            this.meters = watching.meters();
            this.vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
            opened.add("the event loops", () -> await(vertx.close()));
            Authentication gatehouse = opened.add("the gate", Authentication.open(config.auth(), vertx, meters));
            this.source = opened.add("the features", source());
            FeatureAge.register(source, Clock.systemUTC(), meters);
            ProcessMeters.register(meters);
            this.events = Events.of(config.events(), vertx, Clock.systemUTC(), meters);
            opened.add("the events", () -> await(events.close()));
            this.memories = new VersionCaches(config.cache(), Ticker.systemTicker(), meters);
            this.models = opened.add("the models", openModels());
            this.edge = opened.add(
                    "the edge",
                    Edge.open(
                            config.edge(), vertx, config.store().model(), models::settled, Clock.systemUTC(), meters));
            AccessPolicy admittance = new AccessPolicy(gatehouse.gate(), Quotas.of(config.quota(), System::nanoTime));
            this.admin =
                    new AdminListener(vertx, config.admin(), gatehouse.gate(), models, meters, watching.prometheus());
            opened.add("the admin listener", () -> await(admin.close(DRAIN)));
            CheckedModels tensors = new CheckedModels(
                    new LeasedTensors(models, meters),
                    config.http().maxItems(),
                    config.http().maxImage());
            this.door = openDoor(admittance, tensors);
            this.grpc = new GrpcListener(
                    vertx,
                    config.grpc(),
                    config.http(),
                    admittance,
                    tensors,
                    this::ready,
                    ServerIdentity.grpc(version()),
                    meters);
            opened.add("the listeners", () -> await(Future.join(grpc.drain(DRAIN), door.drain(DRAIN))));
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private Models openModels() {
        return new Models(
                config.store().open(),
                config.store(),
                config.batch(),
                config.encoder(),
                source,
                config.features().maxEmbeddingMismatch(),
                graphs -> steps(
                        graphs, memories, meters, featured -> shadowed(events.told(featured, () -> isLive(graphs)))),
                () -> warm,
                meters);
    }

    private HttpListener openDoor(AccessPolicy admittance, CheckedModels tensors) {
        return new HttpListener(
                vertx,
                config.http(),
                admittance,
                models.channels(),
                PublicResources.of(
                        config.http(),
                        forecaster(),
                        models.channels(),
                        models.board(),
                        this::ready,
                        new OpenInference(tensors, this::ready, ServerIdentity.rest(version())).resources()),
                meters,
                new StageMeters(meters)::record,
                watching.witnesses());
    }

    private FeatureSource source() {
        return switch (config.features().source()) {
            case SNAPSHOT -> SnapshotSource.read(config.features().snapshot());
            case FEAST ->
                FeastSource.open(
                        config.features().postgres(),
                        vertx,
                        System::nanoTime,
                        meters,
                        new StageTimes("postgres", meters)::record);
        };
    }

    /** The steps that all versions share, outermost first. */
    private Forecaster forecaster() {
        return new TimedForecaster(new LeasedForecaster(models.channels()), "forecast", meters);
    }

    /** The steps that each version has for itself, innermost first. */
    private PathFactory.Nest steps(
            RunningGraphs graphs, VersionCaches memories, MeterRegistry meters, UnaryOperator<Forecaster> told) {
        Forecaster batched = new BatchedForecaster(graphs);
        Forecaster admitted = new AdmittedForecaster(batched, graphs, System::nanoTime, meters);
        Forecaster featured = new FeaturedForecaster(
                admitted,
                source,
                graphs.vocabulary(),
                graphs.encoder(),
                graphs.artifact().manifest().encoderDigest());
        VersionCache memory = memories.open(told.apply(featured), graphs.identity());
        return new PathFactory.Nest(memory.forecaster(), featured, memory);
    }

    private Forecaster shadowed(Forecaster next) {
        return models.shadowed(next);
    }

    private boolean isLive(RunningGraphs graphs) {
        return runs(models.channels().live(), graphs) || runs(models.channels().canary(), graphs);
    }

    private static boolean runs(@Nullable LiveModel model, RunningGraphs graphs) {
        return model != null && model.graphs() == graphs;
    }

    /** Forgets what rests on old features. While the store cannot be asked, answers are stale and it is told again later. */
    private Future<Void> featuresUpdated(String market, List<String> hashtags) {
        return source.refresh(market, hashtags)
                .onComplete(done -> memories.evict(market, hashtags))
                .onSuccess(done -> edge.featuresChanged(market));
    }

    private static String version() {
        String version = Server.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Starts a server; returns when it listens and a model is live, if any can be. */
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
        adminPort =
                await(admin.open(), config.admin().host() + ":" + config.admin().port());
        try {
            events.begin(this::featuresUpdated);
            models.start();
            // Only now: whoever spreads requests sends them to a listener that takes connections, and a 503 goes to the
            // caller.
            port = await(door.open(), config.http().host() + ":" + config.http().port());
            grpcPort = await(grpc.open(), grpc.toString());
            warmUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while the first model was loaded", e);
        }
        log.info("{}", forecaster());
        log.info(
                "listening on {}://{}:{}, admin on {}://{}:{}, gRPC on {}",
                config.http().tls().scheme(),
                config.http().host(),
                port,
                config.admin().tls().scheme(),
                config.admin().host(),
                adminPort,
                config.grpc().on() ? config.http().host() + ":" + grpcPort : "no port");
    }

    /** Rehearses before the server calls itself ready: at once if a model is live, else when the first one is. */
    private void warmUp() throws InterruptedException {
        WarmUp rehearsal = new WarmUp(
                vertx,
                config,
                models,
                source,
                (graphs, unread) -> steps(
                        graphs,
                        new VersionCaches(config.cache(), Ticker.systemTicker(), unread),
                        unread,
                        UnaryOperator.identity()));
        Thread thread = new Thread(
                () -> {
                    rehearsed = rehearsal.run(() -> draining);
                    warm = true;
                },
                "hemline-rehearsal");
        thread.setDaemon(true);
        thread.start();
        if (models.live()) {
            thread.join();
        }
    }

    private static <T> T await(Future<T> opening, String where) throws StartException {
        try {
            return opening.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StartException("cannot listen on " + where + ": " + reason(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted before there was an answer whether it can listen on " + where, e);
        } catch (TimeoutException e) {
            throw new StartException("cannot listen on " + where, e);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof IOException
                ? "the port is in use, or the address is not of this machine"
                : String.valueOf(cause);
    }

    /** Whether requests should be sent here. */
    public boolean ready() {
        return warm && models.live() && !draining;
    }

    /** How many requests it answered to itself before it was ready. */
    int rehearsed() {
        return rehearsed;
    }

    /** The port of the door. */
    public int port() {
        return port;
    }

    /** The port of the operators. */
    public int adminPort() {
        return adminPort;
    }

    /** The port of gRPC, −1 when there is none. */
    public int grpcPort() {
        return grpcPort;
    }

    /** What all versions remember. */
    public VersionCaches memories() {
        return memories;
    }

    /** The served model. */
    public Models models() {
        return models;
    }

    /**
     * Serves until told to stop. Then it says that it is not ready, goes on answering for a while, so that whoever spreads
     * requests over servers can see that and send no more, lets the running requests finish and closes everything.
     */
    void serveUntil(StopSignal stop) throws InterruptedException {
        try {
            stop.await();
            draining = true;
            Duration grace = config.http().shutdownGrace();
            if (!grace.isZero()) {
                log.info("not ready any more, answering for another {} ms (http.shutdown-grace)", grace.toMillis());
                door.retire();
                Thread.sleep(grace.toMillis());
            }
            log.info("stopping: {} requests are running", door.running());
        } finally {
            close();
        }
        log.info("stopped");
    }

    /** Is ready no more, lets the running requests finish, and closes what was opened, in reverse order. */
    @Override
    public void close() {
        draining = true;
        opened.close();
    }

    private static void await(Future<?> closing) throws Exception {
        closing.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
