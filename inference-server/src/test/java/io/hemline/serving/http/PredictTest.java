package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictTest {

    private TestListener listener;

    @BeforeEach
    void open() {
        listener = TestListener.open();
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void answersTheHashtagsSortedAndEachOnce() {
        String body = listener.get("/predict?hashtags=b,%23A,a,B&market=vn").body();

        assertThat(body)
                .isEqualTo("{\"trend_score\":0.5,\"trend_class\":\"rising\",\"hashtags\":[\"a\",\"b\"],"
                        + "\"model_version\":\"7\"}");
    }

    @Test
    void answersTheSameEitherWay() {
        String got = listener.get("/predict?hashtags=wideleg,cargo&market=vn").body();
        String posted = listener.post("/predict", "{\"market\":\"vn\",\"hashtags\":[\"cargo\",\"#WideLeg\"]}")
                .body();

        assertThat(posted).isEqualTo(got);
    }

    @Test
    void pointsAtAnUnknownTrendAtItsPlaceInTheRequest() {
        String body = listener.post("/predict", "{\"hashtags\":[\"z\",\"unknown\",\"a\"]}")
                .body();

        assertThat(Json.parse(body).get("errors").findValuesAsText("pointer")).containsExactly("#/hashtags/1");
    }
}
