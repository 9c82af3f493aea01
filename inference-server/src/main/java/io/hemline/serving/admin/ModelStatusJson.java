package io.hemline.serving.admin;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.rollout.ModelStatus;
import io.hemline.serving.rollout.ModelStatus.Batching;
import io.hemline.serving.rollout.ModelStatus.Tried;
import io.hemline.serving.rollout.ModelStatus.VersionStatus;
import io.hemline.serving.rollout.ShadowReport.Distances;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Writes the listing of {@code GET /models}. */
final class ListingJson {

    private static final double MICROS_A_MILLI = 1000.0;

    private ListingJson() {}

    static JsonObject of(ModelStatus listing) {
        JsonArray versions = new JsonArray();
        listing.versions().forEach(version -> versions.add(version(version)));
        JsonObject model = new JsonObject()
                .put("model", listing.model())
                .put("channel", listing.channel())
                .put("wished", text(listing.wished()))
                .put("live", text(listing.live()));
        if (listing.complaint() != null) {
            model.put("complaint", listing.complaint());
        }
        if (listing.canary() != null) {
            model.put("canary", tried(listing.canary()).put("share", listing.canaryShare()));
        }
        if (listing.shadow() != null) {
            JsonObject shadow = tried(listing.shadow());
            if (listing.distances() != null) {
                distances(shadow, listing.distances());
            }
            model.put("shadow", shadow);
        }
        return new JsonObject().put("models", new JsonArray().add(model.put("versions", versions)));
    }

    private static JsonObject tried(Tried tried) {
        JsonObject json =
                new JsonObject().put("wished", Integer.toString(tried.wished())).put("live", text(tried.live()));
        return tried.refusal() == null ? json : json.put("reason", tried.refusal());
    }

    private static void distances(JsonObject json, Distances distances) {
        json.put("compared", distances.compared())
                .put("dropped", distances.dropped())
                .put("failed", distances.failed())
                .put(
                        "trend_score_distance",
                        new JsonObject().put("mean", distances.meanScore()).put("max", distances.greatestScore()))
                .put("quantile_distance", new JsonObject().put("mean", distances.meanQuantiles()));
        if (!Double.isNaN(distances.p99Millis())) {
            json.put("p99_ms", distances.p99Millis());
        }
    }

    private static JsonObject version(VersionStatus version) {
        JsonObject json = new JsonObject()
                .put("version", Integer.toString(version.version()))
                .put("state", version.moment().state().word())
                .put("channels", new JsonArray(version.channels()))
                .put("digest", version.digest())
                .put("created", version.created());
        if (version.moment().since().getEpochSecond() > 0) {
            json.put("since", version.moment().since().toString());
        }
        if (version.moment().reason() != null) {
            json.put("reason", version.moment().reason());
        }
        if (version.batches() != null) {
            batches(json, version.batches());
        }
        if (version.latency() != null) {
            json.put("last_minute", lastMinute(version.latency()));
        }
        AnswerCache.Size memory = version.memory();
        if (memory != null) {
            json.put(
                    "cache",
                    new JsonObject()
                            .put("asked", memory.asked())
                            .put("hits", memory.hits())
                            .put("forecasts", memory.forecasts())
                            .put("answers", memory.answers())
                            .put("bytes", memory.bytes()));
        }
        return json;
    }

    private static void batches(JsonObject json, Batching batches) {
        JsonObject micros = new JsonObject();
        batches.micros().forEach((size, each) -> micros.put(size.toString(), each));
        json.put("batch_sizes", new JsonArray(batches.sizes()))
                .put("batch_threads", batches.threads())
                .put("batch_micros", micros);
    }

    private static JsonObject lastMinute(Histogram micros) {
        JsonObject json = new JsonObject().put("requests", micros.getTotalCount());
        if (micros.getTotalCount() > 0) {
            json.put("p50_ms", micros.getValueAtPercentile(50) / MICROS_A_MILLI)
                    .put("p95_ms", micros.getValueAtPercentile(95) / MICROS_A_MILLI)
                    .put("p99_ms", micros.getValueAtPercentile(99) / MICROS_A_MILLI)
                    .put("max_ms", micros.getMaxValue() / MICROS_A_MILLI);
        }
        return json;
    }

    private static @Nullable String text(@Nullable Integer version) {
        return version == null ? null : version.toString();
    }
}
