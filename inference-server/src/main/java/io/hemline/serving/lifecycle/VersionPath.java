package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Responder;
import io.hemline.serving.engine.RunningGraphs;

/**
 * The steps of one version, and the points at which requests of different kinds enter them.
 *
 * <p>Immutable.
 *
 * @param responder where the requests of clients enter: the response cache
 * @param forecaster where the copies for a shadow enter: the forecast cache
 * @param computing where the scoring of all trends enters: the steps below both caches
 * @param cache the cache of the version
 * @param prefill fills the cache before the version is live
 * @param health error rate and latency of the version
 */
public record VersionPath(
        Responder responder,
        Forecaster forecaster,
        Forecaster computing,
        AnswerCache cache,
        Prefill prefill,
        VersionHealth health) {

    public VersionPath {
        requireNonNull(responder, "responder");
        requireNonNull(forecaster, "forecaster");
        requireNonNull(computing, "computing");
        requireNonNull(cache, "cache");
        requireNonNull(prefill, "prefill");
        requireNonNull(health, "health");
    }

    /** Makes the path of each version that is loaded. */
    @FunctionalInterface
    public interface Factory {

        /** The path that ends in these graphs. */
        VersionPath of(RunningGraphs graphs);
    }

    /** Fills the cache of a version with its predecessor's most requested trends. */
    @FunctionalInterface
    public interface Prefill {

        /** Runs until a {@link System#nanoTime}; returns how many trends were answered. */
        int run(AnswerCache before, long deadlineNanos);
    }
}
