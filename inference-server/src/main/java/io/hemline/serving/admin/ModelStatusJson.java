package io.hemline.serving.admin;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.rollout.ModelStatus;
import io.hemline.serving.rollout.ModelStatus.Batching;
import io.hemline.serving.rollout.ModelStatus.VersionStatus;
import io.hemline.serving.rollout.ShadowReport.Distances;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The response of {@code GET /models} as JSON. */
final class ModelStatusJson {

    private static final double MICROS_PER_MILLI = 1000.0;

    private ModelStatusJson() {}

    static JsonObject of(ModelStatus status) {
        JsonArray versions = new JsonArray();
        status.versions().forEach(version -> versions.add(version(version)));
        JsonObject model = new JsonObject()
                .put("model", status.model())
                .put("channel", status.channel())
                .put("wished", text(status.desired()))
                .put("live", text(status.live()));
        if (status.complaint() != null) {
            model.put("complaint", status.complaint());
        }
        if (status.canary() != null) {
            model.put("canary", sideVersion(status.canary()).put("share", status.canaryShare()));
        }
        if (status.shadow() != null) {
            JsonObject shadow = sideVersion(status.shadow());
            if (status.distances() != null) {
                distances(shadow, status.distances());
            }
            model.put("shadow", shadow);
        }
        return new JsonObject().put("models", new JsonArray().add(model.put("versions", versions)));
    }

    private static JsonObject sideVersion(ModelStatus.SideVersion side) {
        JsonObject json =
                new JsonObject().put("wished", Integer.toString(side.desired())).put("live", text(side.live()));
        return side.refusal() == null ? json : json.put("reason", side.refusal());
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
            json.put("last_minute", latency(version.latency()));
        }
        AnswerCache.Size cache = version.memory();
        if (cache != null) {
            json.put(
                    "cache",
                    new JsonObject()
                            .put("asked", cache.asked())
                            .put("hits", cache.hits())
                            .put("forecasts", cache.forecasts())
                            .put("answers", cache.answers())
                            .put("bytes", cache.bytes()));
        }
        return json;
    }

    private static void batches(JsonObject json, Batching batches) {
        JsonObject micros = new JsonObject();
        batches.micros().forEach((size, duration) -> micros.put(size.toString(), duration));
        json.put("batch_sizes", new JsonArray(batches.sizes()))
                .put("batch_threads", batches.threads())
                .put("batch_micros", micros);
    }

    private static JsonObject latency(Histogram micros) {
        JsonObject json = new JsonObject().put("requests", micros.getTotalCount());
        if (micros.getTotalCount() > 0) {
            json.put("p50_ms", micros.getValueAtPercentile(50) / MICROS_PER_MILLI)
                    .put("p95_ms", micros.getValueAtPercentile(95) / MICROS_PER_MILLI)
                    .put("p99_ms", micros.getValueAtPercentile(99) / MICROS_PER_MILLI)
                    .put("max_ms", micros.getMaxValue() / MICROS_PER_MILLI);
        }
        return json;
    }

    private static @Nullable String text(@Nullable Integer version) {
        return version == null ? null : version.toString();
    }
}
