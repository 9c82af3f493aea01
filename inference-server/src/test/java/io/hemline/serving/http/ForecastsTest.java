package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.hemline.serving.http.testing.TestListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastsTest {

    private static final String OWN = "{\"series\":[12.0,13.5,null,11.8],\"last_week\":\"2018-12-31\"";

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
    void forecastsAKnownTrendInItsCanonicalForm() {
        listener.post("/v1/forecasts", "{\"items\":[{\"hashtag\":\" ##WideLeg \",\"market\":\"vn\"}]}");

        assertThat(listener.forecaster.last().questions()).containsExactly(new TrendQuestion("wideleg", "vn"));
    }

    @Test
    void forecastsASeriesWithAllItsFields() {
        String image = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4});

        listener.post(
                "/v1/forecasts",
                "{\"items\":[" + OWN + ",\"influencer_share\":[0,null,1,0.5],\"sentiment\":[-1,0,1,-0.0],"
                        + "\"engagement\":[1,2,3,4],\"image\":\"" + image + "\","
                        + "\"attributes\":{\"country\":\"us\",\"gender\":\"female\",\"category\":\"shoes\"}}]}");

        SeriesQuestion asked =
                (SeriesQuestion) listener.forecaster.last().questions().get(0);
        Series series = asked.series();
        assertThat(series.lastWeek()).isEqualTo(LocalDate.of(2018, 12, 31));
        assertThat(series.volume()).containsExactly(12.0, 13.5, Double.NaN, 11.8);
        assertThat(series.influencerShare()).containsExactly(0, Double.NaN, 1, 0.5);
        assertThat(series.sentiment()).containsExactly(-1, 0, 1, 0.0);
        assertThat(series.engagement()).containsExactly(1, 2, 3, 4);
        assertThat(asked.attributes()).isEqualTo(new Attributes("us", "female", "shoes"));
        assertThat(asked.image()).isEqualTo(new Image(new byte[] {1, 2, 3, 4}));
    }

    @Test
    void answersInTheOrderOfTheItemsUnderTheirIds() {
        HttpResponse<String> response = listener.post(
                "/v1/forecasts",
                "{\"items\":[{\"hashtag\":\"zz\"},{\"id\":\"sku-17\"," + OWN.substring(1) + "},{\"hashtag\":\"aa\"},"
                        + OWN + "}]}");

        JsonNode forecasts = Json.parse(response.body()).get("forecasts");
        assertThat(forecasts.findValuesAsText("id")).containsExactly("zz", "sku-17", "aa", "3");
    }

    @Test
    void writesEveryPartOfAForecast() {
        JsonNode answer = Json.parse(
                listener.get("/v1/forecasts?hashtags=wideleg&market=vn").body());

        JsonNode forecast = answer.get("forecasts").get(0);
        assertThat(forecast.get("last_week").asText()).isEqualTo("2026-11-16");
        assertThat(forecast.get("weeks")).hasSize(13);
        assertThat(forecast.get("weeks").get(0).asText()).isEqualTo("2026-11-23");
        assertThat(forecast.get("quantiles").get("0.5").get(12).asDouble()).isEqualTo(10.5);
        assertThat(forecast.get("trend_score").asText()).isEqualTo("0.5");
        assertThat(forecast.get("trend_class").asText()).isEqualTo("rising");
        assertThat(forecast.get("cold_start").asBoolean()).isFalse();
        assertThat(forecast.get("features_as_of").asText()).isEqualTo("2026-11-23T00:00:00Z");
        assertThat(forecast.get("drivers").get("variables").toString())
                .isEqualTo("[{\"name\":\"volume\",\"weight\":0.75},{\"name\":\"season\",\"weight\":0.25}]");
        assertThat(answer.get("model").toString()).isEqualTo("{\"name\":\"trend\",\"version\":\"7\"}");
        assertThat(answer.get("as_of").asText()).isEqualTo("2026-11-23T00:00:00Z");
        assertThat(answer.get("warnings")).isEmpty();
        assertThat(answer.has("stale")).isFalse();
    }

    @Test
    void showsTheEightWeightiestWeeksByDate() {
        JsonNode answer =
                Json.parse(listener.get("/v1/forecasts?hashtags=wideleg").body());

        JsonNode weeks = answer.get("forecasts").get(0).get("drivers").get("weeks");
        assertThat(weeks).hasSize(8);
        assertThat(weeks.get(0).get("week").asText()).isEqualTo("2026-09-28");
        assertThat(weeks.get(7).get("week").asText()).isEqualTo("2026-11-16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/forecasts?include=history {}",
                "/v1/forecasts {'include':'history'}",
                "/v1/forecasts {'include':['history']}"
            })
    void addsTheObservedWeeksOnRequest(String asked) {
        String path = asked.substring(0, asked.indexOf(' '));
        String rest = asked.substring(asked.indexOf('{') + 1).replace('\'', '"');
        String body = "{\"items\":[" + OWN + "}]" + (rest.length() > 1 ? "," + rest : "}");

        JsonNode answer = Json.parse(listener.post(path, body).body());

        JsonNode history = answer.get("forecasts").get(0).get("history");
        assertThat(history.get("volume").toString()).isEqualTo("[12.0,13.5,null,11.8]");
        assertThat(history.get("weeks").get(0).asText()).isEqualTo("2018-12-10");
        assertThat(history.get("weeks").get(3).asText()).isEqualTo("2018-12-31");
    }

    @Test
    void weighsKnownTrendsByTheirVolumeAndOthersAllAlike() {
        String own = "{\"series\":[1,1,1],\"last_week\":\"2018-12-31\"}";

        JsonNode alone =
                Json.parse(listener.get("/v1/forecasts?hashtags=wideleg").body());
        JsonNode mixed =
                Json.parse(listener.post("/v1/forecasts", "{\"items\":[{\"hashtag\":\"wideleg\"}," + own + "]}")
                        .body());

        assertThat(alone.get("trend_score").asDouble()).isEqualTo(0.5);
        assertThat(mixed.get("trend_score").asDouble()).isEqualTo(0.5);
        assertThat(mixed.get("as_of").asText()).isEqualTo("2026-11-23T00:00:00Z");
    }

    @Test
    void hasNoScoreWhereThereIsNothingToCompareWith() {
        JsonNode answer = Json.parse(
                listener.post("/v1/forecasts", "{\"items\":[{\"series\":[0,0,0],\"last_week\":\"2018-12-31\"}]}")
                        .body());

        assertThat(answer.get("trend_score").isNull()).isTrue();
        assertThat(answer.get("forecasts").get(0).get("trend_score").isNull()).isTrue();
    }

    @Test
    void passesWarningsOnWithTheIdOfTheirItem() {
        JsonNode answer = Json.parse(
                listener.post("/v1/forecasts", "{\"items\":[" + OWN + ",\"attributes\":{\"market\":\"mars\"}}]}")
                        .body());

        assertThat(answer.get("warnings").get(0).asText()).startsWith("0: market mars is not");
    }

    @Test
    void saysThatFeaturesAreStaleAndKeepsTheAnswerShortly() {
        listener.forecaster.growStale();

        HttpResponse<String> response = listener.get("/v1/forecasts?hashtags=wideleg");

        JsonNode answer = Json.parse(response.body());
        assertThat(answer.get("stale").asBoolean()).isTrue();
        assertThat(answer.get("forecasts").get(0).get("stale").asBoolean()).isTrue();
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("public, max-age=10");
    }

    @Test
    void answersEqualQuestionsWithEqualBytes() {
        String question = "{\"items\":[{\"hashtag\":\"a\"}," + OWN + "}]}";

        assertThat(listener.post("/v1/forecasts", question).body())
                .isEqualTo(listener.post("/v1/forecasts", question.replace(":", " :\n"))
                        .body());
    }

    @Test
    void pointsAtEveryUnknownTrendAndLetsCachesKeepThat() {
        HttpResponse<String> response = listener.post(
                "/v1/forecasts",
                "{\"items\":[{\"hashtag\":\"unknown\"},{\"hashtag\":\"a\"},{\"hashtag\":\"#Unknown\"}]}");

        JsonNode problem = Json.parse(response.body());
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("public, max-age=30");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(problem.get("errors").findValuesAsText("pointer"))
                .containsExactly("#/items/0/hashtag", "#/items/2/hashtag");
        assertThat(problem.get("error")).isEqualTo(problem.get("detail"));
        assertThat(problem.get("type").asText()).isEqualTo("urn:hemline:problem:unknown-trend");
    }

    @Test
    void pointsIntoTheQueryToo() {
        HttpResponse<String> response = listener.get("/v1/forecasts?hashtags=a,unknown");

        assertThat(Json.parse(response.body()).get("errors").findValuesAsText("pointer"))
                .containsExactly("#/hashtags/1");
    }

    @Test
    void refusesAMarketThatDoesNotExist() {
        HttpResponse<String> response = listener.get("/v1/forecasts?hashtags=a&market=atlantis");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(Json.parse(response.body()).get("errors").findValuesAsText("pointer"))
                .containsExactly("#/market");
    }

    @ParameterizedTest
    @CsvSource({"OVERLOADED,503", "NO_MODEL,503", "FEATURES_UNAVAILABLE,503", "DEADLINE_EXCEEDED,504", "INTERNAL,500"})
    void answersEachFailureWithItsCode(Failure failure, int status) {
        listener.forecaster.answerInstead(request -> Future.failedFuture(ForecastException.of(failure, "secret")));

        HttpResponse<String> response = listener.get("/v1/forecasts?hashtags=a");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void neverShowsWhatBroke() {
        listener.forecaster.answerInstead(request -> {
            throw new IllegalStateException("the secret of /etc/passwd");
        });

        HttpResponse<String> response = listener.get("/v1/forecasts?hashtags=a", "X-Request-Id", "r-1");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("secret").contains("r-1");
    }

    @Test
    void answersFromOtherThreads() {
        listener.forecaster.answerInstead(request -> {
            Promise<Answer> promise = Promise.promise();
            new Thread(() -> promise.handle(listener.forecaster.answer(request)), "answerer").start();
            return promise.future();
        });

        assertThat(listener.get("/predict?hashtags=a").statusCode()).isEqualTo(200);
    }

    @Test
    void takesTheTimeoutOfTheClient() {
        listener.get("/v1/forecasts?hashtags=a", "X-Request-Timeout-Ms", "5000");

        long left = listener.forecaster.last().deadlineNanos() - System.nanoTime();
        assertThat(left).isBetween(0L, TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void answersAtTheDeadlineWithoutAForecast() {
        listener.forecaster.answerInstead(request -> Promise.<Answer>promise().future());

        HttpResponse<String> response = listener.get("/v1/forecasts?hashtags=a", "X-Request-Timeout-Ms", "50");

        assertThat(response.statusCode()).isEqualTo(504);
    }

    @Test
    void readsALargeImageBesideTheLoop() {
        byte[] image = new byte[2_000_000];
        Arrays.fill(image, (byte) 7);

        HttpResponse<String> response = listener.post(
                "/v1/forecasts",
                "{\"items\":[" + OWN + ",\"image\":\"" + Base64.getEncoder().encodeToString(image) + "\"}]}");

        SeriesQuestion asked =
                (SeriesQuestion) listener.forecaster.last().questions().get(0);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(asked.image()).isEqualTo(new Image(image));
    }
}
