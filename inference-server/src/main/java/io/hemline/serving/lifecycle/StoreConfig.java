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
        GateConfig gate,
        CanaryConfig canary,
        ShadowConfig shadow) {

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
                GateConfig.defaults(),
                CanaryConfig.defaults(),
                ShadowConfig.defaults());
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
}
