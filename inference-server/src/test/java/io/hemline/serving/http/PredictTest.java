package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.OpenDoor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictTest {

    private OpenDoor door;

    @BeforeEach
    void open() {
        door = OpenDoor.open();
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void answersTheHashtagsSortedAndEachOnce() {
        String body = door.get("/predict?hashtags=b,%23A,a,B&market=vn").body();

        assertThat(body)
                .isEqualTo("{\"trend_score\":0.5,\"trend_class\":\"rising\",\"hashtags\":[\"a\",\"b\"],"
                        + "\"model_version\":\"7\"}");
    }

    @Test
    void answersTheSameEitherWay() {
        String got = door.get("/predict?hashtags=wideleg,cargo&market=vn").body();
        String posted = door.post("/predict", "{\"market\":\"vn\",\"hashtags\":[\"cargo\",\"#WideLeg\"]}")
                .body();

        assertThat(posted).isEqualTo(got);
    }

    @Test
    void pointsAtAnUnknownTrendWhereTheCallerWroteIt() {
        String body = door.post("/predict", "{\"hashtags\":[\"z\",\"unknown\",\"a\"]}")
                .body();

        assertThat(Json.parse(body).get("errors").findValuesAsText("pointer")).containsExactly("#/hashtags/1");
    }
}
