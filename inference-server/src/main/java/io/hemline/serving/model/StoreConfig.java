package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Channel;
import java.time.Duration;

/**
 * Which model is served, and from where.
 *
 * <p>Immutable.
 *
 * @param url the store: a folder
 * @param model the model's name in the store
 * @param channel the pointer that says which version is wished live
 * @param poll how often the store is looked at
 */
public record StoreConfig(String url, String model, Channel channel, Duration poll) {

    public StoreConfig {
        requireNonNull(channel, "channel");
        requireNonNull(poll, "poll");
        if (url.isBlank()) {
            throw new IllegalArgumentException("url: the folder of a store, not blank");
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException("model: the name of a model, not blank");
        }
        if (poll.toMillis() < 10 || poll.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("poll: 10 ms to 1 h, not " + poll);
        }
    }

    /** The demo's store, looked at every second. */
    public static StoreConfig defaults() {
        return new StoreConfig("model-store/demo/store", "trend", Channel.STABLE, Duration.ofSeconds(1));
    }
}
