package io.hemline.serving.forecasts;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.core.Series;
import io.hemline.serving.http.JsonOutput;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    /**
     * Mondays as ISO 8601 writes them. A response names some twenty, and nearly all responses the same ones, so those of all weeks
     * that a series may have are formatted once.
     *
     * <p>Thread-safe: each element of {@code written} is set once, or twice to the same value.
     */
    static final class Mondays {

        private static final long FIRST = LastWeek.EARLIEST.toEpochDay() - 7L * Series.MAX_WEEKS;
        private static final int COUNT = index(LastWeek.LATEST.toEpochDay()) + Forecast.HORIZON + 1;
        private static final @Nullable SerializableString[] WRITTEN = new SerializableString[COUNT];

        private Mondays() {}

        /** The Monday a number of weeks after another one. */
        static SerializableString written(LocalDate monday, long weeksAfter) {
            long day = monday.toEpochDay() + 7 * weeksAfter;
            int index = index(day);
            if (index < 0 || index >= COUNT) {
                return write(day);
            }
            SerializableString known = WRITTEN[index];
            if (known == null) {
                known = write(day);
                WRITTEN[index] = known;
            }
            return known;
        }

        private static SerializableString write(long day) {
            return new SerializedString(LocalDate.ofEpochDay(day).toString());
        }

        private static int index(long day) {
            return (int) Math.floorDiv(day - FIRST, 7L);
        }
    }

    /**
     * Writes the drivers of a forecast: every variable, by descending weight; and of the weeks with a weight the eight with the
     * greatest, by date. Eight show a season and a recent turn; all 208 would be half of the response.
     */
    static final class DriversWriter {

        static final int MAX_WEEKS = 8;

        private DriversWriter() {}

        /** Writes the value of {@code drivers}. */
        static void write(JsonGenerator json, Drivers drivers, LocalDate lastWeek) throws IOException {
            json.writeStartObject();
            json.writeArrayFieldStart("variables");
            float[] variables = drivers.variableWeights();
            for (int variable : heaviestFirst(variables, variables.length)) {
                json.writeStartObject();
                json.writeStringField("name", drivers.names().get(variable));
                writeWeight(json, variables[variable]);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("weeks");
            float[] weeks = drivers.weekWeights();
            int[] shown = heaviestFirst(weeks, MAX_WEEKS);
            Arrays.sort(shown);
            for (int week : shown) {
                if (weeks[week] > 0) {
                    json.writeStartObject();
                    json.writeFieldName("week");
                    json.writeString(Mondays.written(lastWeek, week - (weeks.length - 1L)));
                    writeWeight(json, weeks[week]);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        private static void writeWeight(JsonGenerator json, float weight) throws IOException {
            json.writeFieldName("weight");
            JsonOutput.writeFloat(json, weight);
        }

        /** The indexes of the greatest weights, up to a limit; equal weights keep their order. */
        private static int[] heaviestFirst(float[] weights, int max) {
            int[] places = new int[Math.min(max, weights.length)];
            int count = 0;
            for (int place = 0; place < weights.length; place++) {
                if (count == places.length && weights[place] <= weights[places[count - 1]]) {
                    continue;
                }
                int rank = count < places.length ? count++ : count - 1;
                while (rank > 0 && weights[places[rank - 1]] < weights[place]) {
                    places[rank] = places[rank - 1];
                    rank--;
                }
                places[rank] = place;
            }
            return places;
        }
    }
}
