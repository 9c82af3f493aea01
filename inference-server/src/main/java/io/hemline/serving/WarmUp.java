package io.hemline.serving;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.hemline.serving.WarmUpClient.WarmUpQuestions;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.core.ResponseLookup.LiveVersion;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.HttpListener;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.lifecycle.VersionPath;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.ApiKey;
import io.hemline.serving.security.Authentication;
import io.hemline.serving.telemetry.StageMeters;
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
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warms the server up: sends it requests before it is ready, so that the JVM has compiled the code that clients need.
 *
 * <p>Confined to its own thread, but for {@code answered}, which is volatile.
 */
public final class WarmUp {

    /*
     * The requests take the real path from socket to session: a second listener of the same class on a loopback port,
     * the graphs of the live model, and steps of their own in between. Caches and meters are thrown away afterwards, so
     * nothing of the warm-up shows in metrics, latencies or answers. If the warm-up fails, the server starts without
     * it.
     */
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final int CONNECTIONS = 8;
    static final int ENOUGH = 512;
    private static final long SEED = 20_261_116;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final ServerConfig config;
    private final Models models;
    private final FeatureSource source;
    private final ForecastPath steps;
    private volatile int answered;

    WarmUp(Vertx vertx, ServerConfig config, Models models, FeatureSource source, ForecastPath steps) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.config = requireNonNull(config, "config");
        this.models = requireNonNull(models, "models");
        this.source = requireNonNull(source, "source");
        this.steps = requireNonNull(steps, "steps");
    }

    /**
     * Warms up on a thread of its own. Returns after the warm-up, or at once while no model is live: the thread then
     * waits for the first model.
     */
    void start(Readiness readiness) throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    answered = run(readiness::isDraining);
                    readiness.warmedUp();
                },
                "hemline-warm-up");
        thread.setDaemon(true);
        thread.start();
        if (models.live()) {
            thread.join();
        }
    }

    /** How many requests were answered. */
    int answered() {
        return answered;
    }

    /**
     * Waits until a model is live, then sends requests until there were enough, the budget is spent or the server
     * stops; returns how many were answered.
     */
    private int run(BooleanSupplier stopping) {
        if (config.warmUp().budget().isZero()) {
            return 0;
        }
        try (Lease lease = firstLease(stopping)) {
            return lease == null ? 0 : warmUp(lease, stopping);
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
            Thread.sleep(POLL.toMillis());
            lease = models.slot().lease();
        }
        return lease;
    }

    private int warmUp(Lease lease, BooleanSupplier stopping)
            throws InterruptedException, ExecutionException, TimeoutException {
        long start = System.nanoTime();
        long end = start + config.warmUp().budget().toNanos();
        MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS, work -> {
            Thread thread = new Thread(work, "hemline-warm-up-client");
            thread.setDaemon(true);
            return thread;
        });
        VersionPath path =
                steps.isolated(config.cache(), meters).of(lease.model().graphs());
        // No other client may use the second listener.
        ApiKey key = ApiKey.generate(new SecureRandom());
        IsolatedVersion version = new IsolatedVersion(lease.model().identity(), path.cache());
        HttpListener listener = new HttpListener(
                vertx,
                onLoopback(config.http()),
                AccessPolicy.unlimited(Authentication.ofKey(key)),
                version,
                PublicResources.of(config.http(), path.responder(), version, models.board(), () -> true, List.of()),
                meters,
                new StageMeters(meters)::record,
                List.of());
        try {
            int port = await(listener.open());
            List<TrendQuestion> trends = await(source.all().recover(unknown -> Future.succeededFuture(List.of())));
            AtomicInteger asked = new AtomicInteger();
            BooleanSupplier over = () -> asked.get() >= ENOUGH || System.nanoTime() >= end || stopping.getAsBoolean();
            List<WarmUpClient> asking = IntStream.range(0, CONNECTIONS)
                    .mapToObj(i -> new WarmUpClient(port, new WarmUpQuestions(trends, key, SEED + i), asked, over))
                    .toList();
            for (var answered : callers.invokeAll(asking)) {
                answered.get();
            }
            log.info("warmed up by {} requests in {} ms", asked, NANOSECONDS.toMillis(System.nanoTime() - start));
            return asked.get();
        } finally {
            callers.shutdownNow();
            await(listener.drain(GRACE));
            meters.close();
        }
    }

    private <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        long timeoutMillis = config.warmUp().budget().plus(GRACE).toMillis();
        return future.toCompletionStage().toCompletableFuture().get(timeoutMillis, TimeUnit.MILLISECONDS);
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

    /** The live model with a cache of its own, whose latency is not recorded. */
    private record IsolatedVersion(ModelIdentity identity, AnswerCache cache) implements LiveVersion, ResponseLookup {

        @Override
        public @Nullable Hit lookup(String requestKey) {
            CachedResponse response = cache.lookup(requestKey);
            return response == null ? null : new Hit(this, response);
        }

        @Override
        public void answeredFromCache(long nanos) {}
    }

    /**
     * The warm-up before the server is ready.
     *
     * <p>Immutable.
     *
     * @param budget the longest duration; it ends sooner after enough requests; 0 = no warm-up
     */
    public record WarmUpConfig(Duration budget) {

        public WarmUpConfig {
            requireNonNull(budget, "budget");
            if (budget.isNegative() || budget.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("budget: 0 to 1 m, not " + budget);
            }
        }

        /** As long as two slow cores need to compile the code of the most frequent requests. */
        public static WarmUpConfig defaults() {
            return new WarmUpConfig(Duration.ofSeconds(2));
        }
    }
}
