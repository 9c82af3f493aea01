package io.hemline.serving.forecasts;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.http.JsonOutput;
import java.io.IOException;
import java.util.List;

/** Writes responses in the full and the short form. */
final class AnswerWriter {

    private AnswerWriter() {}

    /** The full form, of {@code /v1/forecasts}. */
    static byte[] full(ParsedRequest asked, Answer answer) {
        return JsonOutput.write(json -> writeFull(json, asked, answer));
    }

    /** The short form, of {@code /predict}. */
    static byte[] brief(ParsedRequest asked, Answer answer) {
        return JsonOutput.write(json -> writeBrief(json, asked, answer));
    }

    /** Whether any of the forecasts rests on stale features. */
    static boolean isStale(Answer answer) {
        for (Forecast forecast : answer.forecasts()) {
            if (forecast.features().stale()) {
                return true;
            }
        }
        return false;
    }

    private static void writeFull(JsonGenerator json, ParsedRequest asked, Answer answer) throws IOException {
        List<Forecast> forecasts = answer.forecasts();
        json.writeStartObject();
        json.writeArrayFieldStart("forecasts");
        for (int i = 0; i < forecasts.size(); i++) {
            ForecastWriter.write(json, asked.ids().get(i), forecasts.get(i), asked.history());
        }
        json.writeEndArray();
        json.writeFieldName("trend_score");
        JsonOutput.writeFloat(
                json, CombinedForecast.of(asked.questions(), answer).trendScore());
        json.writeObjectFieldStart("model");
        json.writeStringField("name", answer.model().name());
        json.writeStringField("version", answer.model().version());
        json.writeEndObject();
        json.writeStringField("as_of", newest(forecasts));
        if (isStale(answer)) {
            json.writeBooleanField("stale", true);
        }
        json.writeArrayFieldStart("warnings");
        for (int i = 0; i < forecasts.size(); i++) {
            for (String warning : forecasts.get(i).features().warnings()) {
                json.writeString(asked.ids().get(i) + ": " + warning);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeBrief(JsonGenerator json, ParsedRequest asked, Answer answer) throws IOException {
        CombinedForecast outlook = CombinedForecast.of(asked.questions(), answer);
        json.writeStartObject();
        json.writeFieldName("trend_score");
        JsonOutput.writeFloat(json, outlook.trendScore());
        json.writeStringField("trend_class", outlook.trendClass().word());
        json.writeArrayFieldStart("hashtags");
        for (String hashtag : asked.ids()) {
            json.writeString(hashtag);
        }
        json.writeEndArray();
        json.writeStringField("model_version", answer.model().version());
        if (isStale(answer)) {
            json.writeBooleanField("stale", true);
        }
        json.writeEndObject();
    }

    /** The newest of the dates and times; they sort as text. */
    private static String newest(List<Forecast> forecasts) {
        String newest = "";
        for (Forecast forecast : forecasts) {
            String asOf = forecast.features().asOf();
            newest = asOf.compareTo(newest) > 0 ? asOf : newest;
        }
        return newest;
    }
}
