package io.hemline.serving.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminListenerTest {

    @TempDir
    private static Path folder;

    private static TestServer house;

    @BeforeAll
    static void open() throws Exception {
        house = TestServer.of(folder, "good");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void movesTheLiveModelByMovingThePointer() throws Exception {
        assertMoved(house.admin("/models/trend/promote", "{\"version\":\"2\",\"channel\":\"stable\"}"), "2");
        TestServer.until("version 2 is live", () -> state(2).equals("live"));

        assertMoved(house.admin("/models/trend/rollback", ""), "1");
        TestServer.until("version 1 is live", () -> state(1).equals("live"));
        TestServer.until("version 2 is closed", () -> state(2).equals("closed"));
    }

    @Test
    void movesAChannelThatIsNotFollowed() {
        assertMoved(house.admin("/models/trend/promote", "{\"version\":1,\"channel\":\"canary\"}"), "1");

        assertThat(house.version(1).getJsonArray("channels")).contains("canary");
    }

    @Test
    void refusesWhatItCannotDo() {
        assertProblem(house.admin("/models/trend/promote", "{\"version\":\"9\"}"), 409, "9");
        assertProblem(house.admin("/models/trend/promote", "{}"), 422, "version: is missing");
        assertProblem(house.admin("/models/trend/promote", "{\"version\":\"one\"}"), 422, "not one");
        assertProblem(house.admin("/models/trend/promote", "{\"version\":\"1\",\"chanel\":\"x\"}"), 422, "chanel");
        assertProblem(house.admin("/models/trend/promote", "{\"version\":\"1\",\"channel\":\"gold\"}"), 422, "stable");
        assertProblem(house.admin("/models/trend/promote", "version 2"), 400, "JSON object");
        assertProblem(house.admin("/models/trend/promote", "[]"), 400, "JSON object");
        assertProblem(house.admin("/models/shoes/promote", "{\"version\":\"1\"}"), 404, "shoes");
        assertProblem(house.admin("/v2/repository/models/trend/load", "{}"), 409, "promote");
        assertProblem(house.admin("/v2/repository/models/trend/unload", "{}"), 409, "follows a channel");
        assertProblem(house.admin("/modells"), 404, "/modells");
        assertProblem(house.admin("/models/trend/promote"), 405, "POST");
        assertProblem(house.admin("/models", "{}"), 405, "GET");
    }

    private static String state(int version) {
        return house.version(version).getString("state");
    }

    private static void assertMoved(HttpResponse<String> response, String version) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(new JsonObject(response.body()).getString("version")).isEqualTo(version);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String named) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(new JsonObject(response.body()).getString("detail")).contains(named);
        assertThat(response.headers().firstValue("allow").isPresent()).isEqualTo(status == 405);
    }
}
