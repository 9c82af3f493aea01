package io.hemline.serving;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.LiveVersion;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.TrendQuestion;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.HttpListener;
import io.hemline.serving.lifecycle.Lease;
import io.hemline.serving.lifecycle.PathFactory;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.ApiKey;
import io.hemline.serving.security.Authentication;
import io.hemline.serving.telemetry.StageMeters;
import io.hemline.serving.telemetry.TimedForecaster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server itself for a while before others may, so that the JVM has compiled what they will need.
 *
 * <p>Confined to the thread that runs it.
 */
final class WarmUp {

    /*
     * The real way from socket to session: a second door of the same class on a loopback port of its own, the live model's
     * graphs, and steps of their own in between. Its cache and its meters are thrown away afterwards, so nothing that is
     * rehearsed shows in metrics, latencies or answers. Whatever goes wrong only leaves the server as cold as it was.
     */
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final int CONNECTIONS = 8;
    static final int ENOUGH = 512;
    private static final long SEED = 20_261_116;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final ServerConfig config;
    private final Models models;
    private final FeatureSource source;
    private final BiFunction<RunningGraphs, MeterRegistry, PathFactory.Nest> steps;

    WarmUp(
            Vertx vertx,
            ServerConfig config,
            Models models,
            FeatureSource source,
            BiFunction<RunningGraphs, MeterRegistry, PathFactory.Nest> steps) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.config = requireNonNull(config, "config");
        this.models = requireNonNull(models, "models");
        this.source = requireNonNull(source, "source");
        this.steps = requireNonNull(steps, "steps");
    }

    /**
     * Waits until a model is live, then asks until it asked enough, the budget is spent or nobody needs it any more; returns
     * how many requests were answered.
     */
    int run(BooleanSupplier stopping) {
        if (config.warmUp().budget().isZero()) {
            return 0;
        }
        try (Lease lease = firstLease(stopping)) {
            return lease == null ? 0 : rehearse(lease, stopping);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            log.warn("the server could not be warmed up and will be slow at first", e);
        }
        return 0;
    }

    private @Nullable Lease firstLease(BooleanSupplier stopping) throws InterruptedException {
        Lease lease = models.slot().lease();
        while (lease == null && !stopping.getAsBoolean()) {
            Thread.sleep(LOOK.toMillis());
            lease = models.slot().lease();
        }
        return lease;
    }

    private int rehearse(Lease lease, BooleanSupplier stopping)
            throws InterruptedException, ExecutionException, TimeoutException {
        long start = System.nanoTime();
        long end = start + config.warmUp().budget().toNanos();
        MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS, work -> {
            Thread thread = new Thread(work, "hemline-rehearsal-caller");
            thread.setDaemon(true);
            return thread;
        });
        PathFactory.Nest nest = steps.apply(lease.model().graphs(), meters);
        // The second door is open to nobody else meanwhile.
        ApiKey key = ApiKey.make(new SecureRandom());
        Rehearsed version = new Rehearsed(lease.model().identity(), nest.memory());
        HttpListener door = new HttpListener(
                vertx,
                onLoopback(config.http()),
                AccessPolicy.unlimited(Authentication.readingBy(key)),
                () -> version,
                PublicResources.of(
                        config.http(),
                        new TimedForecaster(nest.outermost(), "forecast", meters),
                        () -> version,
                        models.board(),
                        () -> true,
                        List.of()),
                meters,
                new StageMeters(meters)::record,
                List.of());
        try {
            int port = await(door.open());
            List<TrendQuestion> trends = await(source.all().recover(unknown -> Future.succeededFuture(List.of())));
            AtomicInteger asked = new AtomicInteger();
            BooleanSupplier over = () -> asked.get() >= ENOUGH || System.nanoTime() >= end || stopping.getAsBoolean();
            List<WarmUpClient> asking = IntStream.range(0, CONNECTIONS)
                    .mapToObj(i -> new WarmUpClient(port, new WarmUpQuestions(trends, key, SEED + i), asked, over))
                    .toList();
            for (var answered : callers.invokeAll(asking)) {
                answered.get();
            }
            log.info("rehearsed {} requests in {} ms", asked, NANOSECONDS.toMillis(System.nanoTime() - start));
            return asked.get();
        } finally {
            callers.shutdownNow();
            await(door.drain(GRACE));
            meters.close();
        }
    }

    private <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        long patience = config.warmUp().budget().plus(GRACE).toMillis();
        return future.toCompletionStage().toCompletableFuture().get(patience, TimeUnit.MILLISECONDS);
    }

    private static HttpConfig onLoopback(HttpConfig http) {
        return new HttpConfig(
                "127.0.0.1",
                0,
                http.maxBody(),
                http.maxItems(),
                http.maxImage(),
                http.requestTimeout(),
                http.corsOrigins());
    }

    /** The live model with a memory of its own, whose latency nobody reads. */
    private record Rehearsed(ModelIdentity identity, AnswerCache memory) implements LiveVersion {

        @Override
        public void answered(long nanos) {}
    }
}
