package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.cache.CachedForecaster;
import io.hemline.serving.cache.CachedResponder;
import io.hemline.serving.cache.VersionCache;
import io.hemline.serving.cache.VersionCaches;
import io.hemline.serving.cache.VersionCaches.CacheConfig;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Responder;
import io.hemline.serving.engine.BatchedForecaster;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.FeaturedForecaster;
import io.hemline.serving.lifecycle.MeasuredForecaster;
import io.hemline.serving.lifecycle.VersionHealth;
import io.hemline.serving.lifecycle.VersionPath;
import io.hemline.serving.messaging.Events;
import io.hemline.serving.rollout.LeasedResponder;
import io.hemline.serving.rollout.VersionSelector;
import io.hemline.serving.telemetry.StageMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.UnaryOperator;

/**
 * The steps of a forecast in order, from the parsed request to the inference session. The start log prints the same
 * list.
 *
 * <p>Immutable.
 *
 * @param versions chooses the version of each query
 * @param shadow the step that copies computed answers to the shadow version
 * @param events publishes computed forecasts
 * @param caches the caches of all versions
 * @param source the features of each trend
 * @param meters counts and times
 */
record ForecastPath(
        VersionSelector versions,
        UnaryOperator<Forecaster> shadow,
        Events events,
        VersionCaches caches,
        FeatureSource source,
        MeterRegistry meters) {

    ForecastPath {
        requireNonNull(versions, "versions");
        requireNonNull(shadow, "shadow");
        requireNonNull(events, "events");
        requireNonNull(caches, "caches");
        requireNonNull(source, "source");
        requireNonNull(meters, "meters");
    }

    /** The steps that all versions share: choose the version ▶ lease it ▶ its own steps. */
    Responder entry() {
        return new LeasedResponder(versions);
    }

    /**
     * The steps of one version: response cache ▶ measure ▶ forecast cache ▶ shadow ▶ events ▶ the steps that compute.
     */
    VersionPath of(RunningGraphs graphs) {
        VersionHealth health = new VersionHealth(System::nanoTime);
        VersionCache cache = caches.open(graphs.identity());
        Forecaster computing = computing(graphs);
        CachedForecaster forecasts =
                new CachedForecaster(cache, shadow.apply(events.publishing(() -> versions.serves(graphs), computing)));
        Forecaster measured = new MeasuredForecaster(health, StageMeters.recorder("forecast", meters), forecasts);
        return new VersionPath(
                new CachedResponder(cache, measured),
                forecasts,
                computing,
                cache,
                caches.prefill(forecasts, cache)::run,
                health);
    }

    /** The steps that compute: features ▶ admission ▶ batch ▶ session. */
    private Forecaster computing(RunningGraphs graphs) {
        return new FeaturedForecaster(
                source,
                graphs.vocabulary(),
                graphs.encoder(),
                graphs.artifact().manifest().encoderDigest(),
                new BatchedForecaster(graphs, System::nanoTime, meters));
    }

    /** The same steps with caches and meters of their own, and without shadow and events. */
    ForecastPath isolated(CacheConfig cache, MeterRegistry own) {
        VersionCaches caches = new VersionCaches(cache, Ticker.systemTicker(), own);
        return new ForecastPath(versions, UnaryOperator.identity(), Events.none(), caches, source, own);
    }
}
