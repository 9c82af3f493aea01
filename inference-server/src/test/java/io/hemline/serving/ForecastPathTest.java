package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests to a whole server over a real ONNX artifact. Its tiny graph forecasts for every coming week the mean of the last
 * thirteen, times 1.1 in version 1 and 0.8 in version 2.
 */
class ForecastPathTest {

    @TempDir
    private static Path folder;

    private static TestServer testServer;

    @BeforeAll
    static void open() throws Exception {
        testServer = TestServer.of(folder, "good");
    }

    @AfterAll
    static void close() {
        testServer.close();
    }

    @Test
    void printsEveryStepInOrder() {
        assertThat(testServer.server().entry().toString())
                .containsSubsequence(
                        "choose version (trend ",
                        "▶ lease ▶",
                        "response cache ▶",
                        "measured ▶",
                        "forecast cache",
                        "▶ shadow ▶",
                        "features (snapshot of ",
                        "▶ admission ▶",
                        "batches of up to ",
                        "▶ session");
    }

    @Test
    void forecastsAKnownTrend() {
        HttpResponse<String> response = testServer.get("/v1/forecasts?hashtags=WideLeg");

        JsonObject answer = new JsonObject(response.body());
        JsonObject forecast = answer.getJsonArray("forecasts").getJsonObject(0);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(forecast.getString("hashtag")).isEqualTo("wideleg");
        assertThat(forecast.getString("market")).isEqualTo("vn");
        assertThat(forecast.getJsonArray("weeks").getString(0)).isEqualTo("2026-11-23");
        assertThat(median(forecast).getDouble(0)).isCloseTo(7 * growth(answer), within(1e-4));
        assertThat(forecast.getDouble("trend_score")).isCloseTo(growth(answer) - 1, within(1e-4));
        assertThat(forecast.getBoolean("cold_start")).isTrue();
        assertThat(answer.getString("as_of")).isEqualTo("2026-11-23T00:00:00Z");
    }

    @Test
    void forecastsASeriesThatTheCallerBringsWithItsImage() throws Exception {
        String image = Base64.getEncoder().encodeToString(Files.readAllBytes(TinyImages.png(folder, 300, 200)));
        String item = "{\"series\":[10,null,30],\"last_week\":\"2018-12-31\"";

        JsonObject plain = forecast("{\"items\":[" + item + "}]}");
        JsonObject seen = forecast("{\"items\":[" + item + ",\"image\":\"" + image + "\"}]}");

        assertThat(plain.getJsonArray("weeks").getString(12)).isEqualTo("2019-04-01");
        assertThat(median(seen).getDouble(0)).isNotEqualTo(median(plain).getDouble(0));
    }

    @Test
    void callsNothingWhereTheSeriesIsNextToNothing() {
        for (String value : List.of("0", "-1", "1e-45", "1e-38", "9e-21")) {
            JsonObject forecast = forecast(itemOf(value));

            assertThat(forecast.getValue("trend_score")).as(value).isNull();
            assertThat(forecast.getString("trend_class")).as(value).isEqualTo("stable");
        }
        for (String value : List.of("2e-20", "1e-6", "1e12", "1e30")) {
            assertThat(forecast(itemOf(value)).getDouble("trend_score"))
                    .as(value)
                    .isCloseTo(0.1, within(1e-4));
        }
    }

    private static String itemOf(String value) {
        return "{\"items\":[{\"series\":[" + String.join(",", Collections.nCopies(208, value))
                + "],\"last_week\":\"2018-12-31\"}]}";
    }

    @Test
    void answersInTheOrderOfTheQuestionsAndFromTheCacheTheSame() {
        String body = "{\"items\":[{\"hashtag\":\"cargo\"},{\"hashtag\":\"wideleg\",\"market\":\"us\"},"
                + "{\"series\":[5,6,7],\"last_week\":\"2026-11-16\"}]}";

        HttpResponse<String> first = testServer.post("/v1/forecasts", body);
        HttpResponse<String> second = testServer.post("/v1/forecasts", body);

        JsonArray forecasts = new JsonObject(first.body()).getJsonArray("forecasts");
        assertThat(forecasts.getJsonObject(0).getString("hashtag")).isEqualTo("cargo");
        assertThat(forecasts.getJsonObject(1).getString("market")).isEqualTo("us");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(testServer.admin("/metrics").body()).contains("forecast_cache_requests_total{result=\"hit\"}");
    }

    @Test
    void namesTheTrendsThatNobodyKnows() {
        HttpResponse<String> response = testServer.get("/v1/forecasts?hashtags=nobody,wideleg,nothing");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("nobody").contains("nothing");
    }

    @Test
    void refusesAnImageThatIsNone() {
        String text = Base64.getEncoder().encodeToString("not a picture".getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> response = testServer.post(
                "/v1/forecasts",
                "{\"items\":[{\"hashtag\":\"cargo\"},{\"series\":[1,2],\"last_week\":\"2026-11-16\",\"image\":\"" + text
                        + "\"}]}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("/items/1/image").contains("JPEG, PNG or WebP");
    }

    @Test
    void listsTheTrendsThatTheLiveModelScoredInTheBackground() {
        HttpResponse<String> response = testServer.get("/v1/trends?market=us");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains("\"cargo\"")
                .contains("\"wideleg\"")
                .doesNotContain("\"vn\"");
    }

    @Test
    void isReadyAndTellsTheOperatorsWhatIsLive() {
        assertThat(testServer.get("/health/ready").statusCode()).isEqualTo(200);

        JsonObject live = testServer.version(
                testServer.store().desired("trend", Channel.STABLE).orElseThrow());

        assertThat(live.getString("state")).isEqualTo("live");
        assertThat(live.getJsonArray("channels")).containsExactly("stable");
        assertThat(live.getJsonArray("batch_sizes")).startsWith(1).isSubsetOf(1, 2, 4, 8);
        assertThat(live.getInteger("batch_threads")).isBetween(1, 2);
        assertThat(live.getJsonObject("batch_micros").getLong("1")).isNotNegative();
        assertThat(testServer.admin("/metrics").body())
                .contains("forecast_batch_size_count")
                .contains("forecast_queue_depth")
                .contains("model_version_info{")
                .contains("state=\"live\"")
                .contains("model_swap_total{outcome=\"success\"} 1.0");
    }

    private static JsonObject forecast(String body) {
        return new JsonObject(testServer.post("/v1/forecasts", body).body())
                .getJsonArray("forecasts")
                .getJsonObject(0);
    }

    private static JsonArray median(JsonObject forecast) {
        return forecast.getJsonObject("quantiles").getJsonArray("0.5");
    }

    private static double growth(JsonObject answer) {
        return answer.getJsonObject("model").getString("version").equals("1") ? 1.1 : 0.8;
    }
}
