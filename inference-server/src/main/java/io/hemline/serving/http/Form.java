package io.hemline.serving.http;

import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Forecast;

/** The two ways to write the answer to a question. */
enum Form {
    FULL("/v1/forecasts") {
        @Override
        byte[] write(Asked asked, Answer answer) {
            return AnswerWriter.full(asked, answer);
        }

        @Override
        int bytes(Asked asked, Answer answer) {
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
        byte[] write(Asked asked, Answer answer) {
            return AnswerWriter.brief(asked, answer);
        }

        @Override
        int bytes(Asked asked, Answer answer) {
            return HASHTAG_BYTES * answer.forecasts().size();
        }
    };

    private static final int FORECAST_BYTES = 1100;
    private static final int WEEK_BYTES = 20;
    private static final int HASHTAG_BYTES = 30;

    private final String path;

    Form(String path) {
        this.path = path;
    }

    /** Where it is asked for. */
    String path() {
        return path;
    }

    /** About how many bytes it will be. */
    abstract int bytes(Asked asked, Answer answer);

    abstract byte[] write(Asked asked, Answer answer);
}
