package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * One message to the edge.
 *
 * <p>Immutable.
 *
 * @param mode how strictly
 * @param tags of the answers that are meant
 * @param versions the only ones whose answers may be kept from now on
 * @param since when these versions became live here: the edge believes the replica whose versions changed last, and not the
 *     one that spoke last
 */
record Purge(Mode mode, List<String> tags, List<Integer> versions, Instant since) {

    Purge {
        requireNonNull(mode, "mode");
        tags = List.copyOf(tags);
        versions = List.copyOf(versions);
        requireNonNull(since, "since");
    }

    /** The body of the message. */
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

    /** What happens to the answers that are meant. */
    enum Mode {
        /** They are served while newer ones are fetched, and when those cannot be had. */
        SOFT,
        /** They are served never again. */
        HARD
    }
}
