package io.hemline.serving.oip;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.FakeTrendBoard;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.oip.testing.FakeTensorModels;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRepositoryTest {

    private static final String INDEX = "/v2/repository/index";
    private static final String OLD =
            "{'name':'trend','version':'6','state':'UNAVAILABLE','reason':'another version is live'}";
    private static final String LIVE = "{'name':'trend','version':'7','state':'READY','reason':''}";

    private final FakeTensorModels models = new FakeTensorModels();
    private TestListener listener;

    @BeforeEach
    void open() {
        listener = new TestListener(
                TestListener.defaults(),
                new FakeTrendBoard(),
                new ModelRepository(new CheckedModels(models, 64, 5_000_000)).resources());
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"ready\":false}"})
    void listsEveryVersion(String body) {
        assertThat(post(body).body().replace('"', '\'')).isEqualTo("[" + OLD + "," + LIVE + "]");
    }

    @Test
    void listsReadyVersionsOnlyOnRequest() {
        assertThat(post("{\"ready\":true}").body().replace('"', '\'')).isEqualTo("[" + LIVE + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"ready\":1}", "{\"ready\"", "{\"name\":\"x\"}", "{} {}", "null"})
    void refusesWhatIsNoQuestion(String body) {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"error\":\"");
    }

    @Test
    void offersNoWayToMoveModels() {
        for (String verb : new String[] {"load", "unload"}) {
            assertThat(listener.post("/v2/repository/models/trend/" + verb, "{}")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/trend/stats", "/v2/models/trend/versions/7/stats"})
    void answersStatisticsOfAVersion(String path) {
        assertThat(listener.get(path).body().replace('"', '\''))
                .isEqualTo("{'model_stats':[{'name':'trend','version':'7','last_inference':1795464000000,"
                        + "'inference_count':6,'execution_count':2,'inference_stats':{"
                        + "'success':{'count':4,'ns':1000},'fail':{'count':1,'ns':10},'queue':{'count':4,'ns':70},"
                        + "'compute_input':{'count':2,'ns':40},'compute_infer':{'count':2,'ns':900},"
                        + "'compute_output':{'count':2,'ns':30},"
                        + "'cache_hit':{'count':0,'ns':0},'cache_miss':{'count':0,'ns':0}},"
                        + "'batch_stats':[{'batch_size':3,'compute_input':{'count':2,'ns':40},"
                        + "'compute_infer':{'count':2,'ns':900},'compute_output':{'count':2,'ns':30}}]}]}");
    }

    @Test
    void answersStatisticsOfAllModels() {
        assertThat(listener.get("/v2/models/stats").body())
                .contains("\"name\":\"trend\"")
                .contains("\"name\":\"picture\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/nothing/stats,           404",
        "/v2/models/trend/versions/6/stats,  404",
        "/v2/models/trend/versions/stats,    404",
    })
    void refusesWhatThereIsNot(String path, int status) {
        assertThat(listener.get(path).statusCode()).isEqualTo(status);
    }

    private HttpResponse<String> post(String body) {
        return listener.send("POST", INDEX, BodyPublishers.ofString(body));
    }
}
