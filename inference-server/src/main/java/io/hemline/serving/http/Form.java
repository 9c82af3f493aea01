package io.hemline.serving.http;

import io.hemline.serving.forecast.Answer;

/** The two ways to write the answer to a question. */
enum Form {
    FULL("/v1/forecasts") {
        @Override
        byte[] write(Asked asked, Answer answer) {
            return AnswerWriter.full(asked, answer);
        }
    },
    BRIEF("/predict") {
        @Override
        byte[] write(Asked asked, Answer answer) {
            return AnswerWriter.brief(asked, answer);
        }
    };

    private final String path;

    Form(String path) {
        this.path = path;
    }

    /** Where it is asked for. */
    String path() {
        return path;
    }

    abstract byte[] write(Asked asked, Answer answer);
}
