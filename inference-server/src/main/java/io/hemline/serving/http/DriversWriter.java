package io.hemline.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.forecast.Drivers;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Writes what moved a forecast: every variable, the weightiest first; and of the weeks that weigh anything the eight
 * weightiest, in the order of their dates. Eight show a season and a recent turn; all 208 would be half of the answer.
 */
final class DriversWriter {

    static final int MAX_WEEKS = 8;

    private DriversWriter() {}

    /** Writes the value of {@code drivers}. */
    static void write(JsonGenerator json, Drivers drivers, LocalDate lastWeek) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("variables");
        float[] variables = drivers.variableWeights();
        for (int variable : heaviestFirst(variables)) {
            json.writeStartObject();
            json.writeStringField("name", drivers.names().get(variable));
            writeWeight(json, variables[variable]);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("weeks");
        float[] weeks = drivers.weekWeights();
        int[] shown = IntStream.of(heaviestFirst(weeks))
                .filter(week -> weeks[week] > 0)
                .limit(MAX_WEEKS)
                .sorted()
                .toArray();
        for (int week : shown) {
            json.writeStartObject();
            json.writeStringField(
                    "week", lastWeek.minusWeeks(weeks.length - 1L - week).toString());
            writeWeight(json, weeks[week]);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeWeight(JsonGenerator json, float weight) throws IOException {
        json.writeFieldName("weight");
        JsonOutput.writeFloat(json, weight);
    }

    /** The places of the weights, which are never below zero; equal weights keep their order. */
    private static int[] heaviestFirst(float[] weights) {
        long[] ranked = new long[weights.length];
        for (int place = 0; place < weights.length; place++) {
            // The bits of floats from zero on are in the order of the floats.
            int bits = Float.floatToIntBits(Math.max(0f, weights[place]));
            ranked[place] = (long) -bits << Integer.SIZE | place;
        }
        Arrays.sort(ranked);
        int[] places = new int[weights.length];
        for (int rank = 0; rank < places.length; rank++) {
            places[rank] = (int) ranked[rank];
        }
        return places;
    }
}
