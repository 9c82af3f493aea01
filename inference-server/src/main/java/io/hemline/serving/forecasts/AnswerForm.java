package io.hemline.serving.forecasts;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;

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
}
