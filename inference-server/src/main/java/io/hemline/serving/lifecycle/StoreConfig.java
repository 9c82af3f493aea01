package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.hemline.store.SignaturePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Which model is served, and from which store.
 *
 * <p>Immutable.
 *
 * @param url the store: a folder, or {@code s3://bucket/prefix}
 * @param model the model's name in the store
 * @param channel the pointer that names the desired version
 * @param poll the time between two reads of the pointers
 * @param cacheDir the folder that caches versions of a store on S3
 * @param requireSignature whether an unsigned version is refused
 * @param publicKeys PEM files of the keys that may sign, separated by commas
 * @param gate the promotion gate's limits
 * @param canary share and limits of a canary
 * @param shadow load of a shadow
 */
public record StoreConfig(
        String url,
        String model,
        Channel channel,
        Duration poll,
        Path cacheDir,
        boolean requireSignature,
        String publicKeys,
        Gate gate,
        Canary canary,
        Shadow shadow) {

    public StoreConfig {
        requireNonNull(channel, "channel");
        requireNonNull(poll, "poll");
        if (url.isBlank()) {
            throw new IllegalArgumentException("url: the folder of a store or s3://bucket/prefix, not blank");
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException("model: the name of a model, not blank");
        }
        if (poll.toMillis() < 10 || poll.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("poll: 10 ms to 1 h, not " + poll);
        }
        requireNonNull(cacheDir, "cacheDir");
        requireNonNull(gate, "gate");
        requireNonNull(canary, "canary");
        requireNonNull(shadow, "shadow");
        if (requireSignature && publicKeys.isBlank()) {
            throw new IllegalArgumentException(
                    "require-signature: true needs public-keys, the PEM files of those who may sign");
        }
    }

    /** With the default gate, canary and shadow. */
    public StoreConfig(
            String url,
            String model,
            Channel channel,
            Duration poll,
            Path cacheDir,
            boolean requireSignature,
            String publicKeys) {
        this(
                url,
                model,
                channel,
                poll,
                cacheDir,
                requireSignature,
                publicKeys,
                Gate.defaults(),
                Canary.defaults(),
                Shadow.defaults());
    }

    /** With the default cache folder, and signatures not checked. */
    public StoreConfig(String url, String model, Channel channel, Duration poll) {
        this(url, model, channel, poll, ModelStore.defaultCache(), false, "");
    }

    /** Opens the store; reads the public keys. */
    public ModelStore open() {
        List<Path> files = Arrays.stream(publicKeys.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .toList();
        return ModelStore.open(url, SignaturePolicy.of(requireSignature, files), cacheDir);
    }

    /** The demo's store, polled every second. */
    public static StoreConfig defaults() {
        return new StoreConfig("model-store/demo/store", "trend", Channel.STABLE, Duration.ofSeconds(1));
    }

    /**
     * The promotion gate's configurable limits.
     *
     * <p>Immutable.
     *
     * @param maxLatency the CPU time within which 99 of 100 single rows are computed; a version that needs at most one
     *     and a half times the live version's time passes as well
     */
    public record Gate(Duration maxLatency) {

        public Gate {
            requireNonNull(maxLatency, "maxLatency");
            if (maxLatency.toNanos() < 1000 || maxLatency.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("maxLatency: up to 1 m, not " + maxLatency);
            }
        }

        /** A third of the longest time that a caller may wait. */
        public static Gate defaults() {
            return new Gate(Duration.ofMillis(50));
        }
    }

    /**
     * Which share of the questions a canary answers, and when it is aborted.
     *
     * <p>Immutable.
     *
     * @param share of the questions that the canary answers, 0 for no canary
     * @param maxErrorRate the share of its computed answers that may fail, above the live version's share
     * @param maxLatencyRatio the greatest ratio of its p99 latency of computed answers to the live version's
     * @param minRequests the answers that canary and live version must each have computed before the two are compared
     */
    public record Canary(double share, double maxErrorRate, double maxLatencyRatio, int minRequests) {

        public Canary {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share: 0 to 1, not " + share);
            }
            if (!(maxErrorRate >= 0 && maxErrorRate <= 1)) {
                throw new IllegalArgumentException("maxErrorRate: 0 to 1, not " + maxErrorRate);
            }
            if (!(maxLatencyRatio >= 1)) {
                throw new IllegalArgumentException("maxLatencyRatio: from 1 on, not " + maxLatencyRatio);
            }
            if (minRequests < 1) {
                throw new IllegalArgumentException("minRequests: from 1 on, not " + minRequests);
            }
        }

        /** A tenth of the questions, compared from 100 answers on. */
        public static Canary defaults() {
            return new Canary(0.1, 0.01, 2, 100);
        }
    }

    /**
     * How much a shadow computes on copies of questions.
     *
     * <p>Immutable.
     *
     * @param load the share of the time in which the shadow computes, 0 for no shadow
     */
    public record Shadow(double load) {

        public Shadow {
            if (!(load >= 0 && load <= 1)) {
                throw new IllegalArgumentException("load: 0 to 1, not " + load);
            }
        }

        /** A tenth of one processor. */
        public static Shadow defaults() {
            return new Shadow(0.1);
        }
    }
}
