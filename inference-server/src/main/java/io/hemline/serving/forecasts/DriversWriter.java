package io.hemline.serving.forecasts;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.http.JsonOutput;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * Writes the drivers of a forecast: every variable, by descending weight; and of the weeks with a weight the eight with the
 * greatest, by date. Eight show a season and a recent turn; all 208 would be half of the response.
 */
final class DriversWriter {

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
