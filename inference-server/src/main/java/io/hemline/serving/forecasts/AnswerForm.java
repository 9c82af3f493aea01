package io.hemline.serving.forecasts;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.http.JsonOutput;
import java.io.IOException;
import java.util.List;

/** The two forms of a response. */
public enum AnswerForm {
    FULL("/v1/forecasts") {
        @Override
        byte[] write(ParsedRequest asked, Answer answer) {
            return AnswerWriter.full(asked, answer);
        }

        @Override
        int bytes(ParsedRequest asked, Answer answer) {
            int bytes = 0;
            for (Forecast forecast : answer.forecasts()) {
                int weeks = asked.history() ? forecast.features().series().weeks() : 0;
                bytes += FORECAST_BYTES + WEEK_BYTES * weeks;
            }
            return bytes;
        }
    },
    BRIEF("/predict") {
        @Override
        byte[] write(ParsedRequest asked, Answer answer) {
            return AnswerWriter.brief(asked, answer);
        }

        @Override
        int bytes(ParsedRequest asked, Answer answer) {
            return HASHTAG_BYTES * answer.forecasts().size();
        }
    };

    private static final int FORECAST_BYTES = 1100;
    private static final int WEEK_BYTES = 20;
    private static final int HASHTAG_BYTES = 30;

    private final String path;

    AnswerForm(String path) {
        this.path = path;
    }

    /** The path of its resource. */
    public String path() {
        return path;
    }

    /** Estimated size in bytes. */
    abstract int bytes(ParsedRequest asked, Answer answer);

    abstract byte[] write(ParsedRequest asked, Answer answer);

    /** Writes responses in the full and the short form. */
    static final class AnswerWriter {

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
}
