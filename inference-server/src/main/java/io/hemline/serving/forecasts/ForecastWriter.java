package io.hemline.serving.forecasts;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Series;
import io.hemline.serving.http.JsonOutput;
import java.io.IOException;
import java.time.LocalDate;

/** Writes one forecast of a response. */
final class ForecastWriter {

    private ForecastWriter() {}

    /** Writes the forecast under the client's id, with the observed weeks if requested. */
    static void write(JsonGenerator json, String id, Forecast forecast, boolean history) throws IOException {
        Features features = forecast.features();
        LocalDate lastWeek = features.series().lastWeek();
        json.writeStartObject();
        json.writeStringField("id", id);
        if (features.hashtag() != null) {
            json.writeStringField("hashtag", features.hashtag());
        }
        if (features.market() != null) {
            json.writeStringField("market", features.market());
        }
        json.writeFieldName("last_week");
        json.writeString(Mondays.written(lastWeek, 0));
        writeWeeks(json, lastWeek, 1, Forecast.HORIZON);
        writeQuantiles(json, forecast.quantiles());
        json.writeFieldName("trend_score");
        JsonOutput.writeFloat(json, forecast.trendScore());
        json.writeStringField("trend_class", forecast.trendClass().word());
        json.writeBooleanField("cold_start", forecast.coldStart());
        json.writeStringField("features_as_of", features.asOf());
        if (features.stale()) {
            json.writeBooleanField("stale", true);
        }
        json.writeFieldName("drivers");
        DriversWriter.write(json, forecast.drivers(), lastWeek);
        if (history) {
            json.writeFieldName("history");
            writeHistory(json, features.series());
        }
        json.writeEndObject();
    }

    private static void writeQuantiles(JsonGenerator json, float[][] quantiles) throws IOException {
        json.writeObjectFieldStart("quantiles");
        for (int level = 0; level < Forecast.LEVELS.size(); level++) {
            json.writeArrayFieldStart(Forecast.LEVELS.get(level));
            for (float[] week : quantiles) {
                JsonOutput.writeFloat(json, week[level]);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void writeHistory(JsonGenerator json, Series series) throws IOException {
        json.writeStartObject();
        writeWeeks(json, series.lastWeek(), 1 - series.weeks(), series.weeks());
        json.writeArrayFieldStart("volume");
        for (double value : series.volume()) {
            JsonOutput.writeFloat(json, value);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeWeeks(JsonGenerator json, LocalDate lastWeek, int first, int count) throws IOException {
        json.writeArrayFieldStart("weeks");
        for (int week = 0; week < count; week++) {
            json.writeString(Mondays.written(lastWeek, first + week));
        }
        json.writeEndArray();
    }
}
