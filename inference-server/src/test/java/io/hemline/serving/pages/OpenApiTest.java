package io.hemline.serving.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.hemline.serving.forecasts.LastWeek;
import io.hemline.serving.forecasts.ShortText;
import io.hemline.serving.forecasts.Trends;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.Json;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.http.Resource;
import io.hemline.serving.http.testing.ApiDocument;
import io.hemline.serving.http.testing.TestListener;
import io.vertx.core.http.HttpMethod;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the OpenAPI document to the code, both ways. */
class OpenApiTest {

    private static TestListener listener;
    private static ApiDocument document;

    @BeforeAll
    static void open() {
        listener = TestListener.open();
        document = ApiDocument.of(listener);
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @Test
    void isVersion31AndTheSameInBothForms() {
        String yaml = listener.get("/openapi.yaml").body();

        assertThat(document.at("/openapi").asText()).isEqualTo("3.1.0");
        assertThat(Json.parse(new String(
                        OpenApi.toJson(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo(document.root());
    }

    @Test
    void namesEveryPathAndMethodThatIsServedAndNoOther() {
        Set<String> served = new TreeSet<>();
        for (Resource resource : listener.http.resources()) {
            for (HttpMethod method : resource.methods()) {
                served.add(method.name() + " " + resource.path());
            }
        }

        assertThat(document.operations()).containsAll(served);
        assertThat(served)
                .containsAll(document.operations().stream()
                        .filter(path -> !path.contains(" /v2"))
                        .toList());
    }

    @Test
    void statesTheLimitsThatTheCodeHolds() {
        HttpConfig limits = HttpConfig.defaults();
        JsonNode parts = document.at("/components/schemas");

        assertThat(parts.at("/ForecastsQuestion/properties/items/maxItems").asInt())
                .isEqualTo(limits.maxItems());
        assertThat(parts.at("/PredictQuestion/properties/hashtags/maxItems").asInt())
                .isEqualTo(limits.maxItems());
        assertThat(document.at("/components/parameters/Hashtags/schema/maxItems")
                        .asInt())
                .isEqualTo(limits.maxItems());
        assertThat(parts.at("/WeeklyValues/maxItems").asInt()).isEqualTo(Series.MAX_WEEKS);
        assertThat(parts.at("/WeeklyValues/items/maximum").asDouble()).isEqualTo(Series.MAX_VALUE);
        assertThat(parts.at("/WeeklyValues/items/minimum").asDouble()).isEqualTo(-Series.MAX_VALUE);
        assertThat(parts.at("/Hashtag/maxLength").asInt()).isEqualTo(TrendQuestion.MAX_HASHTAG_LENGTH);
        assertThat(parts.at("/Market/maxLength").asInt()).isEqualTo(ShortText.MAX_LENGTH);
        assertThat(parts.at("/SeriesItem/properties/image/maxLength").asInt())
                .isEqualTo((limits.maxImage() + 2) / 3 * 4);
        assertThat(parts.at("/SeriesItem/properties/last_week/description").asText())
                .contains(LastWeek.EARLIEST.toString(), LastWeek.LATEST.toString());
        assertThat(parts.at("/Problem/properties/errors/maxItems").asInt()).isEqualTo(InvalidFields.MAX_LISTED);
        assertThat(document.at("/components/parameters/RequestTimeout/schema/default")
                        .asLong())
                .isEqualTo(limits.requestTimeout().toMillis());
        assertThat(document.at("/paths/~1v1~1trends/get/parameters/2/schema/maximum")
                        .asInt())
                .isEqualTo(Trends.MAX_LIMIT);
        assertThat(document.at("/paths/~1v1~1trends/get/parameters/2/schema/default")
                        .asInt())
                .isEqualTo(Trends.DEFAULT_LIMIT);
        assertThat(document.at("/info/description").asText())
                .contains(
                        limits.maxItems() + " items",
                        Series.MAX_WEEKS + " weekly values",
                        limits.maxBody() + " bytes",
                        limits.maxImage() + " bytes");
    }

    static List<String> postedExamples() {
        List<String> examples = new ArrayList<>();
        for (String path : List.of("/v1/forecasts", "/predict")) {
            JsonNode body = document.root().get("paths").get(path).at("/post/requestBody/content/application~1json");
            body.get("examples").forEach(example -> examples.add(path + " " + example.get("value")));
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("postedExamples")
    void givesExamplesThatItsSchemaAndTheServerAccept(String example) {
        String path = example.substring(0, example.indexOf(' '));
        String body = example.substring(path.length() + 1);
        String escaped = path.replace("/", "~1");

        HttpResponse<String> response = listener.post(path, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertValid("/paths/" + escaped + "/post/requestBody/content/application~1json/schema", body);
    }

    @Test
    void givesExamplesOfAnswersThatTheirSchemasAccept() {
        List<String> checked = new ArrayList<>();
        checkExamples(document.root().get("paths"), "/paths", checked);
        checkExamples(document.at("/components/responses"), "/components/responses", checked);

        assertThat(checked).hasSizeGreaterThan(12);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/forecasts?hashtags=a%2Cb&include=history, Forecasts",
        "/predict?hashtags=a,                        Prediction",
        "/v1/trends?limit=2,                         Trends",
        "/v1/trends?sort=falling,                    Trends",
        "/health/live,                               Status",
        "/health/ready,                              Status",
        "/predict?hashtags=unknown,                  Problem",
        "/predict,                                   Problem",
        "/nowhere,                                   Problem",
    })
    void describesRealAnswers(String path, String schema) {
        assertValid("/components/schemas/" + schema, listener.get(path).body());
    }

    @Test
    void describesTheAnswerToASeriesWithWarnings() {
        String body = "{\"items\":[{\"series\":[0,null],\"last_week\":\"2018-12-31\","
                + "\"attributes\":{\"market\":\"mars\"}}],\"include\":\"history\"}";

        assertValid(
                "/components/schemas/Forecasts",
                listener.post("/v1/forecasts", body).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"items\":[]}",
                "{\"items\":[{}]}",
                "{\"items\":[{\"hashtag\":\"#\"}]}",
                "{\"items\":[{\"hashtag\":\"a\",\"series\":[1],\"last_week\":\"2018-12-31\"}]}",
                "{\"items\":[{\"series\":[1]}]}",
                "{\"items\":[{\"series\":[null],\"last_week\":\"2018-12-31\"}]}",
                "{\"items\":[{\"series\":[1e31],\"last_week\":\"2018-12-31\"}]}",
                "{\"items\":[{\"series\":[\"1\"],\"last_week\":\"2018-12-31\"}]}",
                "{\"items\":[{\"hashtag\":\"a\",\"colour\":1}]}",
                "{\"items\":[{\"hashtag\":\"a\"}],\"include\":\"all\"}",
                "{\"items\":[{\"series\":[1],\"last_week\":\"2018-12-31\",\"attributes\":{\"market\":\"a\",\"country\":\"b\"}}]}",
            })
    void refusesInItsSchemaWhatTheServerRefuses(String body) {
        assertThat(listener.post("/v1/forecasts", body).statusCode()).isEqualTo(422);
        assertThat(document.validate("/components/schemas/ForecastsQuestion", body))
                .isNotEmpty();
    }

    @Test
    void namesTheStatusOfEveryFailure() {
        for (Failure failure : Failure.values()) {
            String status = Integer.toString(ProblemType.of(failure).status());
            assertThat(document.at("/paths/~1v1~1forecasts/post/responses").has(status))
                    .as(failure + " " + status)
                    .isTrue();
        }
    }

    private static void checkExamples(JsonNode node, String pointer, List<String> checked) {
        if (node.has("schema") && node.has("example") && !node.has("in")) {
            assertValid(pointer + "/schema", node.get("example").toString());
            checked.add(pointer);
        }
        node.fieldNames().forEachRemaining(name -> {
            String child = name.replace("~", "~0")
                    .replace("/", "~1")
                    .replace("{", "%7B")
                    .replace("}", "%7D");
            checkExamples(node.get(name), pointer + "/" + child, checked);
        });
    }

    private static void assertValid(String pointer, String json) {
        assertThat(document.validate(pointer, json)).as(pointer + ": " + json).isEmpty();
    }
}
