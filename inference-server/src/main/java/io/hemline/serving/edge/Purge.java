package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * One purge request to the edge.
 *
 * <p>Immutable.
 *
 * @param mode whether stale responses may still be served
 * @param tags cache tags of the purged responses
 * @param versions the live versions; the edge caches responses of no others
 * @param since when these versions became live on this server; of several servers the edge applies the latest
 */
record Purge(Mode mode, List<String> tags, List<Integer> versions, Instant since) {

    Purge {
        requireNonNull(mode, "mode");
        tags = List.copyOf(tags);
        versions = List.copyOf(versions);
        requireNonNull(since, "since");
    }

    /** The request body. */
    String json() {
        return new JsonObject()
                .put("tags", new JsonArray(tags))
                .put("mode", mode == Mode.HARD ? "hard" : "soft")
                .put(
                        "versions",
                        new JsonArray(versions.stream().map(String::valueOf).toList()))
                .put("since", since.toEpochMilli())
                .encode();
    }

    /** What the edge does with purged responses. */
    enum Mode {
        /** Serves them while it revalidates them, and if that fails. */
        SOFT,
        /** Never serves them again. */
        HARD
    }
}
