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
    void movesTheLiveModelByMovingThePointer() throws Exception {
        assertMoved(testServer.admin("/models/trend/promote", "{\"version\":\"2\",\"channel\":\"stable\"}"), "2");
        TestServer.until("version 2 is live", () -> state(2).equals("live"));

        assertMoved(testServer.admin("/models/trend/rollback", ""), "1");
        TestServer.until("version 1 is live", () -> state(1).equals("live"));
        TestServer.until("version 2 is closed", () -> state(2).equals("closed"));
    }

    @Test
    void movesAChannelThatIsNotFollowed() {
        assertMoved(testServer.admin("/models/trend/promote", "{\"version\":1,\"channel\":\"canary\"}"), "1");

        assertThat(testServer.version(1).getJsonArray("channels")).contains("canary");
    }

    @Test
    void rejectsInvalidRequests() {
        assertProblem(testServer.admin("/models/trend/promote", "{\"version\":\"9\"}"), 409, "9");
        assertProblem(testServer.admin("/models/trend/promote", "{}"), 422, "version: is missing");
        assertProblem(testServer.admin("/models/trend/promote", "{\"version\":\"one\"}"), 422, "not one");
        assertProblem(testServer.admin("/models/trend/promote", "{\"version\":\"1\",\"chanel\":\"x\"}"), 422, "chanel");
        assertProblem(
                testServer.admin("/models/trend/promote", "{\"version\":\"1\",\"channel\":\"gold\"}"), 422, "stable");
        assertProblem(testServer.admin("/models/trend/promote", "version 2"), 400, "JSON object");
        assertProblem(testServer.admin("/models/trend/promote", "[]"), 400, "JSON object");
        assertProblem(testServer.admin("/models/shoes/promote", "{\"version\":\"1\"}"), 404, "shoes");
        assertProblem(testServer.admin("/v2/repository/models/trend/load", "{}"), 409, "promote");
        assertProblem(testServer.admin("/v2/repository/models/trend/unload", "{}"), 409, "follows a channel");
        assertProblem(testServer.admin("/modells"), 404, "/modells");
        assertProblem(testServer.admin("/models/trend/promote"), 405, "POST");
        assertProblem(testServer.admin("/models", "{}"), 405, "GET");
    }

    private static String state(int version) {
        return testServer.version(version).getString("state");
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
