package io.hemline.serving.messaging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ModelIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/**
 * The event of one forecast that was computed for a caller, as {@code model-store/schema/forecasts-served.schema.json}
 * defines it.
 *
 * <p>Immutable.
 *
 * @param id unique to this event
 * @param at time of the computation
 * @param forecast of a known trend
 * @param model the version that computed it
 */
record PublishedForecast(String id, Instant at, Forecast forecast, ModelIdentity model) {

    static final String TOPIC = "forecasts-served";

    private static final JsonFactory JSON = new JsonFactory();

    /** Market and hashtag, so that the events of a trend share a partition and stay in order. */
    byte[] key() {
        return (forecast.features().market() + "/" + forecast.features().hashtag()).getBytes(StandardCharsets.UTF_8);
    }

    byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("served_at", at.toString());
        json.writeObjectFieldStart("model");
        json.writeStringField("name", model.name());
        json.writeStringField("version", model.version());
        json.writeStringField("digest", model.digest());
        json.writeEndObject();
        json.writeStringField("hashtag", forecast.features().hashtag());
        json.writeStringField("market", forecast.features().market());
        json.writeStringField(
                "last_week", forecast.features().series().lastWeek().toString());
        json.writeStringField("features_as_of", forecast.features().asOf());
        json.writeBooleanField("stale", forecast.features().stale());
        json.writeBooleanField("cold_start", forecast.coldStart());
        number(json, "recent_volume", forecast.recentVolume());
        number(json, "trend_score", forecast.trendScore());
        json.writeStringField("trend_class", forecast.trendClass().name().toLowerCase(Locale.ROOT));
        json.writeObjectFieldStart("quantiles");
        for (int level = 0; level < Forecast.LEVELS.size(); level++) {
            json.writeArrayFieldStart(Forecast.LEVELS.get(level));
            for (float[] week : forecast.quantiles()) {
                json.writeNumber(week[level]);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String field, double value) throws IOException {
        if (Double.isNaN(value)) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, (float) value);
        }
    }
}
