package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers whose store names a canary or a shadow beside the live version. */
class CanaryAndShadowTest {

    private static final int QUESTIONS = 60;
    private static final String VERSION = "X-Model-Version";

    @TempDir
    private Path folder;

    private TestServer testServer;

    @BeforeEach
    void open() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        testServer = TestServer.with(
                folder,
                TestServer.config(
                        folder,
                        StoreConfig.Gate.defaults(),
                        new StoreConfig.Canary(0.5, 0.01, 2, 100),
                        new StoreConfig.Shadow(1)));
    }

    @AfterEach
    void close() {
        testServer.close();
    }

    @Test
    void aCanaryAnswersItsShareOfTheQuestionsAndAlwaysTheSameOnes() throws Exception {
        Map<Integer, String> before = new HashMap<>();
        for (int question = 0; question < QUESTIONS; question++) {
            before.put(question, version(ask(question)));
        }
        point("canary", 2);
        awaitCanary();

        Map<Integer, String> first = new HashMap<>();
        for (int question = 0; question < QUESTIONS; question++) {
            first.put(question, version(ask(question)));
        }

        assertThat(Set.copyOf(before.values())).containsExactly("1");
        assertThat(first.values().stream().filter("2"::equals).count()).isBetween(QUESTIONS / 4L, QUESTIONS * 3 / 4L);
        for (int question = 0; question < QUESTIONS; question++) {
            HttpResponse<String> again = ask(question);
            assertThat(version(again)).isEqualTo(first.get(question));
            assertThat(again.headers().firstValue("Cache-Status"))
                    .hasValueSatisfying(status -> assertThat(status).contains("hit"));
        }
        assertThat(testServer.version(2).getString("state")).isEqualTo("live");
        assertThat(model().getJsonObject("canary").getString("live")).isEqualTo("2");
    }

    @Test
    void aCanaryOfWholeAnswersByAddressIsTheSameForEverySpelling() throws Exception {
        String[] spellings = {"/v1/forecasts?hashtags=cargo&market=us", "/v1/forecasts?market=us&hashtags=%23Cargo"};
        for (String spelling : spellings) {
            testServer.get(spelling);
        }
        point("canary", 2);
        awaitCanary();

        String version = version(testServer.get(spellings[0]));

        for (int asking = 0; asking < 3; asking++) {
            for (String spelling : spellings) {
                assertThat(version(testServer.get(spelling))).isEqualTo(version);
            }
        }
        assertThat(version(testServer.post(
                        "/v1/forecasts", "{\"items\": [{\"hashtag\": \"cargo\", \"market\": \"us\"}]}")))
                .isEqualTo(version);
    }

    @Test
    void oneCallMakesTheCanaryTheLiveVersion() throws Exception {
        point("canary", 2);
        awaitCanary();

        LiveModel canary = canary();
        HttpResponse<String> promoted = testServer.admin("/models/trend/promote", "{\"from\": \"canary\"}");

        assertThat(promoted.statusCode()).isEqualTo(200);
        TestServer.until(
                "version 2 is live",
                () -> requireNonNull(testServer.server().models().slot().live()).version() == 2);
        assertThat(testServer.server().models().slot().live()).isSameAs(canary);
        TestServer.until("no canary is left", () -> canary() == null);
        assertAllAnsweredBy("2");
    }

    @Test
    void aCanaryThatFailsIsAbortedUntilItsChannelNamesAnother() throws Exception {
        point("canary", 2);
        awaitCanary();
        LiveModel canary = requireNonNull(canary());

        for (int i = 0; i < 100; i++) {
            canary.health().record(null, new IllegalStateException("broken"), 1);
        }

        TestServer.until("no canary is left", () -> canary() == null);
        assertThat(model().getJsonObject("canary").getString("reason")).contains("1.00 of its answers failed");
        assertThat(model().getJsonObject("canary").getString("live")).isNull();
        assertThat(testServer.admin("/metrics").body()).contains("model_swap_total{outcome=\"aborted\"} 1.0");
        assertAllAnsweredBy("1");
        TestServer.addVersion(folder, "good", 1, 3);
        point("canary", 3);
        awaitCanary();
    }

    @Test
    void aCanaryThatDoesNotPassTheGateIsRefusedWithTheReason() throws Exception {
        TestServer.addVersion(folder, "fragile", 1, 3);

        point("canary", 3);

        TestServer.until("it is refused", () -> !reason().isEmpty());
        assertThat(model().getJsonObject("canary").getString("reason")).contains("hostile series");
        assertThat(version(ask(1))).isEqualTo("1");
    }

    @Test
    void aCanaryThatFailedIsLoadedAgainWhenItsChannelNamesItAgain() throws Exception {
        TestServer.addVersion(folder, "fragile", 1, 3);
        for (int round = 0; round < 2; round++) {
            point("canary", 3);
            TestServer.until("version 3 is refused", () -> reason().contains("hostile series"));

            point("canary", 2);
            awaitLive(2);
            assertThat(reason()).isEmpty();
            point("canary", 1);
            TestServer.until("no canary is left", () -> canary() == null);
        }
    }

    @Test
    void aCanaryThatFailedTemporarilyIsLoadedAgain() throws Exception {
        Path graph = folder.resolve("store/trend/versions/2/forecaster.onnx");
        Path aside = folder.resolve("aside.onnx");
        Files.move(graph, aside);
        point("canary", 2);
        TestServer.until("it is refused", () -> !reason().isEmpty());

        Files.move(aside, graph);

        awaitCanary();
        TestServer.until("no reason is listed", () -> reason().isEmpty());
    }

    @Test
    void anotherShadowBeginsWithAnEmptyReport() throws Exception {
        point("shadow", 2);
        awaitLive(2);
        for (int question = 0; question < QUESTIONS; question++) {
            ask(question);
        }
        awaitComparisons();

        TestServer.addVersion(folder, "good", 1, 3);
        point("shadow", 3);
        TestServer.until("another is the shadow", () -> "3".equals(shadow().getString("live")));

        // The same graphs as the live version: queued questions are compared with equal answers.
        assertThat(shadow().getJsonObject("trend_score_distance").getDouble("max"))
                .isLessThan(0.01);
    }

    @Test
    void aShadowIsComparedAndNeverAnswers() throws Exception {
        point("shadow", 2);
        awaitLive(2);

        assertAllAnsweredBy("1");

        awaitComparisons();
        JsonObject shadow = shadow();
        // One version says 1.1 and the other 0.8 times the mean of the last weeks.
        assertThat(shadow.getJsonObject("trend_score_distance").getDouble("mean"))
                .isBetween(0.299, 0.301);
        assertThat(shadow.getJsonObject("trend_score_distance").getDouble("max"))
                .isBetween(0.299, 0.301);
        assertThat(shadow.getJsonObject("quantile_distance").getDouble("mean")).isPositive();
        assertThat(shadow.getDouble("p99_ms")).isPositive();
        assertThat(testServer.admin("/metrics").body()).contains("shadow_distance_count{of=\"trend_score\"}");
    }

    @Test
    void aShadowDropsAndCountsQuestionsOverItsLoadLimit() throws Exception {
        point("shadow", 2);
        awaitLive(2);
        String item = "{\"series\": [%d, 2], \"last_week\": \"2026-11-16\"}";
        String nine = IntStream.range(1, 10).mapToObj(item::formatted).collect(Collectors.joining(","));

        version(testServer.post("/v1/forecasts", "{\"items\": [" + nine + "]}"));

        TestServer.until("it is counted", () -> shadow().getLong("dropped") == 1);
        assertThat(shadow().getLong("compared")).isZero();
        assertThat(testServer.admin("/metrics").body()).contains("shadow_requests_total{outcome=\"dropped\"} 1.0");
    }

    @Test
    void closesTheCanaryAndTheShadowWithTheServer() throws Exception {
        TestServer.addVersion(folder, "good", 1, 3);
        point("canary", 2);
        point("shadow", 3);
        awaitCanary();
        awaitLive(3);
        Collection<VersionLifecycle> open = testServer.server().models().lifecycles();
        assertThat(open)
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.moment().state()).isEqualTo(ModelState.LIVE));
        for (int question = 0; question < QUESTIONS; question++) {
            ask(question);
        }

        testServer.close();

        assertThat(open).allSatisfy(one -> assertThat(one.moment().state()).isEqualTo(ModelState.CLOSED));
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("hemline-shadow");
    }

    private @Nullable LiveModel canary() {
        return testServer.server().models().versions().canary();
    }

    private void awaitCanary() throws InterruptedException {
        TestServer.until("a canary is live", () -> canary() != null);
    }

    private void awaitLive(int version) throws InterruptedException {
        TestServer.until(
                "version " + version + " is live",
                () -> "live".equals(testServer.version(version).getString("state")));
    }

    private void awaitComparisons() throws InterruptedException {
        TestServer.until("answers were compared", () -> shadow().getLong("compared") >= 10);
    }

    private JsonObject shadow() {
        return model().getJsonObject("shadow");
    }

    /** Why the canary is not live, empty if no reason is listed. */
    private String reason() {
        JsonObject canary = model().getJsonObject("canary");
        return canary == null ? "" : requireNonNullElse(canary.getString("reason"), "");
    }

    private HttpResponse<String> ask(int question) {
        return testServer.post(
                "/v1/forecasts",
                "{\"items\": [{\"series\": [%d, 4, 5], \"last_week\": \"2026-11-16\"}]}".formatted(question + 1));
    }

    private void assertAllAnsweredBy(String version) {
        for (int question = 0; question < QUESTIONS; question++) {
            assertThat(version(ask(question))).isEqualTo(version);
        }
    }

    private static String version(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue(VERSION).orElseThrow();
    }

    private JsonObject model() {
        return new JsonObject(testServer.admin("/models").body())
                .getJsonArray("models")
                .getJsonObject(0);
    }

    private void point(String channel, int version) throws Exception {
        Path pointer = folder.resolve("store/trend/channels").resolve(channel);
        Files.writeString(pointer.resolveSibling("." + channel), version + "\n");
        Files.move(pointer.resolveSibling("." + channel), pointer, StandardCopyOption.REPLACE_EXISTING);
    }
}
