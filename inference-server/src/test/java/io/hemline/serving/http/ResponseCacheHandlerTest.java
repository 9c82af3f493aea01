package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.http.testing.TestListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseCacheHandlerTest {

    private static final String FULL = "/v1/forecasts?hashtags=wideleg,cargo&market=vn";
    private static final String BRIEF = "/predict?hashtags=wideleg,cargo&market=vn";

    private final AtomicInteger asked = new AtomicInteger();
    private TestListener listener;

    @BeforeEach
    void open() {
        listener = TestListener.open();
        prepare();
    }

    private void prepare() {
        listener.forecaster.last(Duration.ofSeconds(7), Duration.ofMinutes(5));
        listener.forecaster.answerInstead(request -> {
            asked.incrementAndGet();
            return listener.forecaster.answer(request);
        });
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {FULL, BRIEF})
    void repeatsTheResponseWithoutAForecast(String target) {
        HttpResponse<String> first = listener.get(target);
        HttpResponse<String> second = listener.get(target);

        assertThat(asked).hasValue(1);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(lasting(second)).isEqualTo(lasting(first));
        assertThat(header(second, "X-Request-Id")).matches("[0-9a-f]{32}").isNotEqualTo(header(first, "X-Request-Id"));
        assertThat(header(first, "Cache-Status")).isEqualTo("hemline; fwd=miss");
        assertThat(header(second, "Cache-Status")).matches("hemline; hit; ttl=2[0-9][0-9]");
        assertThat(Integer.parseInt(header(second, "Age"))).isBetween(7, 60);
        assertThat(answeredFromCache()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/predict?hashtags=cargo,wideleg&market=vn",
                "/predict?market=vn&hashtags=%23WideLeg,cargo,CARGO",
                "/predict?hashtags=+wideleg,%20cargo&market=vn"
            })
    void knowsTheQuestionInAnotherSpelling(String spelling) {
        HttpResponse<String> first = listener.get(BRIEF);

        for (int time = 0; time < 2; time++) {
            HttpResponse<String> again = listener.get(spelling);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(header(again, "Cache-Status")).startsWith("hemline; hit");
            // The router finds it by its canonical name, and from then on it is known by this spelling.
            assertThat(answeredFromCache()).isEqualTo(time);
        }
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/forecasts?hashtags=cargo,wideleg&market=vn",
                "/v1/forecasts?hashtags=wideleg,cargo,cargo&market=vn",
                "/v1/forecasts?hashtags=wideleg,cargo&market=us",
                "/v1/forecasts?hashtags=wideleg,cargo&market=vn&include=history",
                BRIEF
            })
    void forecastsForTargetsWithAnotherResponse(String other) {
        HttpResponse<String> first = listener.get(FULL);

        HttpResponse<String> second = listener.get(other);

        assertThat(asked).hasValue(2);
        assertThat(second.body()).isNotEqualTo(first.body());
    }

    @Test
    void givesEqualBytesToPostedRequests() {
        HttpResponse<String> got = listener.get(BRIEF);
        String body = "{\"hashtags\": [\"cargo\", \"#wideleg\"], \"market\": \"vn\"}";

        HttpResponse<String> posted = listener.post("/predict", body);
        HttpResponse<String> again = listener.post("/predict", body);

        assertThat(asked).hasValue(1);
        assertThat(List.of(posted.body(), again.body())).containsOnly(got.body());
        assertThat(header(again, "Cache-Status")).startsWith("hemline; hit");
        assertThat(header(again, "ETag")).isEqualTo(header(got, "ETag"));
    }

    @Test
    void cachesARepeatedPostedSeriesByItsBytesAlone() {
        String body = "{\"items\": [{\"id\": \"mine\", \"series\": [1, 2], \"last_week\": \"2026-11-16\"}]}";

        HttpResponse<String> first = listener.post("/v1/forecasts", body);
        listener.forecaster.hit(1);
        HttpResponse<String> second = listener.post("/v1/forecasts", body);
        HttpResponse<String> third = listener.post("/v1/forecasts", body);
        listener.post("/v1/forecasts", body.replace("mine", "yours"));

        assertThat(List.of(second.body(), third.body())).containsOnly(first.body());
        assertThat(header(third, "Cache-Status")).startsWith("hemline; hit");
        assertThat(asked).hasValue(3);
    }

    @Test
    void answersNotModifiedAndHead() {
        HttpResponse<String> first = listener.get(FULL);
        String tag = header(first, "ETag");

        HttpResponse<String> same = listener.get(FULL, "If-None-Match", "\"other\", W/" + tag);
        HttpResponse<String> head = listener.send("HEAD", FULL, BodyPublishers.noBody());

        assertThat(asked).hasValue(1);
        assertThat(answeredFromCache()).as("the router answers HEAD").isEqualTo(1);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "ETag")).isEqualTo(tag);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(lasting(head)).isEqualTo(lasting(first));
    }

    @Test
    void compressesOnceForClientsThatAcceptGzip() throws IOException {
        String plain = listener.get(FULL).body();

        HttpResponse<byte[]> miss = compressed(FULL.replace("wideleg", "jorts"));
        HttpResponse<byte[]> hit = compressed(FULL);

        assertThat(asked).hasValue(2);
        assertThat(answeredFromCache()).isEqualTo(1);
        assertThat(miss.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(hit.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(hit.headers().firstValueAsLong("Content-Length")).hasValue(hit.body().length);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(hit.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
        }
    }

    @Test
    void answersAPipelineInTheOrderOfItsQuestions() throws IOException {
        String hit = request("GET", BRIEF, "");
        String miss = request("GET", "/predict?hashtags=jorts", "");
        String posted = request("POST", "/predict", "{\"hashtags\": [\"skorts\"]}");
        String last = request("GET", BRIEF, "").replace("Host: h", "Host: h\r\nConnection: close");
        listener.get(BRIEF);
        listener.forecaster.answerInstead(request -> {
            Promise<Answer> late = Promise.promise();
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                    .execute(() -> listener.forecaster.answer(request).onComplete(late));
            return late.future();
        });

        String answers =
                listener.raw((hit + hit + miss + hit + posted + hit + last).getBytes(StandardCharsets.US_ASCII));

        assertThat(Pattern.compile("Cache-Status: hemline; (hit|fwd=miss)", Pattern.CASE_INSENSITIVE)
                        .matcher(answers)
                        .results()
                        .map(found -> found.group(1)))
                .containsExactly("hit", "hit", "fwd=miss", "hit", "fwd=miss", "hit", "hit");
        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(8);
        // Requests behind the miss pass to the router until it is answered; the last one closes the connection.
        assertThat(answeredFromCache()).isBetween(2, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1\r\nConnection: close"})
    void closesTheConnectionOnRequest(String protocol) throws IOException {
        listener.get(BRIEF);

        String asked = request("GET", BRIEF, "").replace("HTTP/1.1", protocol) + request("GET", BRIEF, "");
        String answers = listener.raw(asked.getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(2);
        assertThat(answeredFromCache()).isZero();
    }

    @Test
    void continuesAfterAGetWithABody() throws IOException {
        listener.get(BRIEF);
        String hit = request("GET", BRIEF, "");

        String answers =
                listener.raw((hit + request("GET", BRIEF, "{}") + hit + hit).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(5);
        assertThat(answeredFromCache()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a b\r\n"})
    void answersNothingWithoutAHost(String host) throws IOException {
        listener.get(BRIEF);

        String answer = listener.raw(
                request("GET", BRIEF, "").replace("Host: h\r\n", host).getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(answeredFromCache()).isZero();
    }

    @Test
    void takesTheClientsRequestIdAndReplacesAnInvalidOne() {
        listener.get(FULL);

        assertThat(header(listener.get(FULL, "X-Request-Id", "abc-1"), "X-Request-Id"))
                .isEqualTo("abc-1");
        assertThat(header(listener.get(FULL, "X-Request-Id", "a b"), "X-Request-Id"))
                .matches("[0-9a-f]{32}");
        assertThat(answeredFromCache()).isEqualTo(2);
    }

    @Test
    void notifiesTheListenersOfCachedResponses() {
        listener.get(BRIEF);
        HttpResponse<String> hit = listener.get(BRIEF, "X-Request-Id", "mine");

        assertThat(listener.completed)
                .filteredOn(passage -> passage.requestId().equals("mine"))
                .singleElement()
                .satisfies(passage -> {
                    assertThat(passage.method()).isEqualTo("GET");
                    assertThat(passage.route()).isEqualTo("/predict");
                    assertThat(passage.path()).isEqualTo("/predict");
                    assertThat(passage.status()).isEqualTo(200);
                    assertThat(passage.bytes()).isEqualTo(hit.body().length());
                    assertThat(passage.cache()).isEqualTo("hit");
                });
        assertThat(answeredFromCache()).isEqualTo(1);
    }

    @Test
    void readsTheDeadlineAlsoOfThoseItKnows() {
        listener.get(FULL);

        assertThat(listener.get(FULL, "X-Request-Timeout-Ms", "soon").statusCode())
                .isEqualTo(422);
        assertThat(listener.get(FULL, "X-Request-Timeout-Ms", "100").statusCode())
                .isEqualTo(200);
        assertThat(asked).hasValue(1);
        assertThat(answeredFromCache()).as("the router reads it").isZero();
    }

    @Test
    void letsPagesOfOtherOriginsReadIt() {
        listener.close();
        listener = TestListener.open(changed(TestListener.defaults(), Map.of("corsOrigins", "https://shop.example")));
        prepare();
        listener.get(FULL, "Origin", "https://shop.example");

        HttpResponse<String> hit = listener.get(FULL, "Origin", "https://shop.example");

        assertThat(asked).hasValue(1);
        assertThat(header(hit, "Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
        assertThat(hit.headers().allValues("Vary")).containsExactly("Origin", "Accept-Encoding");
        assertThat(listener.get(FULL).headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(answeredFromCache()).isZero();
    }

    @Test
    void countsWhatItAnswers() {
        listener.get(FULL);
        listener.get(FULL);
        listener.get(FULL, "If-None-Match", "*");

        assertThat(times("200")).isEqualTo(2);
        assertThat(times("304")).isEqualTo(1);
        assertThat(answeredFromCache()).isEqualTo(2);
        assertThat(listener.forecaster.version.answered).hasValue(2);
        assertThat(listener.http.running()).isZero();
    }

    @Test
    void cachesNeitherFailuresNorExpiredResponses() {
        listener.forecaster.answerInstead(request -> {
            asked.incrementAndGet();
            return Future.failedFuture(ForecastException.of(Failure.OVERLOADED, "full"));
        });
        assertThat(listener.get(FULL).statusCode()).isEqualTo(503);
        prepare();
        listener.forecaster.last(Duration.ZERO, Duration.ZERO);
        listener.get(FULL);
        listener.get(FULL);

        assertThat(asked).hasValue(3);
    }

    @Test
    void cachesNothingThatWasRequestedBeforeFeaturesChanged() {
        listener.forecaster.answerInstead(request -> {
            asked.incrementAndGet();
            listener.forecaster.version.generation.incrementAndGet();
            return listener.forecaster.answer(request);
        });
        listener.get(FULL);
        listener.get(FULL);

        assertThat(asked).hasValue(2);
    }

    @Test
    void leavesRequestsToTheRouterWhileDraining() throws IOException {
        listener.get(BRIEF);
        listener.http.retire();

        String answer = listener.raw(request("GET", BRIEF, "").getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).contains("hemline; hit").containsIgnoringCase("connection: close");
        assertThat(answeredFromCache()).isZero();
    }

    @Test
    void answersAGetWithContentLengthZero() throws IOException {
        listener.get(BRIEF);
        String length = lines(BRIEF, "Content-Length: 0");

        String answers = listener.raw((length + length + lines(BRIEF)).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(4);
        assertThat(answeredFromCache()).isEqualTo(3);
    }

    @Test
    void readsAListOfSeveralLinesAsOne() throws IOException {
        listener.get(BRIEF);
        String big = FULL.replace("wideleg,cargo", "a,b,c,d,e,f,g,h");
        listener.get(big);

        for (String target : List.of(BRIEF, "/openapi.json")) {
            String known = lines(target, "If-None-Match: \"other\"", "if-none-match: " + tag(target));
            assertThat(listener.raw(known.getBytes(StandardCharsets.US_ASCII))).startsWith("HTTP/1.1 304 ");
        }
        for (String coding : List.of("gzip", "*;q=0.5")) {
            String accepts = lines(big, "Accept-Encoding: br", "Accept-Encoding: " + coding);
            assertThat(listener.raw(accepts.getBytes(StandardCharsets.US_ASCII)))
                    .containsIgnoringCase("Content-Encoding: gzip");
        }
    }

    /** A posted forecast request is safe, and the edge revalidates its cached response with If-None-Match. */
    @Test
    void answersNotModifiedToARepeatedPostedRequest() {
        String body = "{\"hashtags\": [\"cargo\"]}";
        String tag = header(listener.post("/predict", body), "ETag");

        for (int time = 0; time < 2; time++) {
            HttpResponse<String> again = listener.send(
                    "POST",
                    "/predict",
                    BodyPublishers.ofString(body),
                    "Content-Type",
                    "application/json",
                    "If-None-Match",
                    tag);
            assertThat(again.statusCode()).isEqualTo(304);
        }
    }

    @Test
    void closesTheConnectionOnASecondConnectionLine() throws IOException {
        listener.get(BRIEF);
        String last = lines(BRIEF, "Connection: keep-alive", "Connection: close");

        String answers = listener.raw((last + request("GET", BRIEF, "")).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(2);
    }

    private String tag(String target) {
        return header(listener.get(target), "ETag");
    }

    private static String lines(String target, String... lines) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n"
                + String.join("", Stream.of(lines).map(line -> line + "\r\n").toList()) + "\r\n";
    }

    /** The number of cached responses; each is counted before it is sent. */
    private int answeredFromCache() {
        return (int) listener.meters.get("http.doorstep.answers").counter().count();
    }

    private static String request(String method, String target, String body) {
        String length =
                body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + body;
    }

    private HttpResponse<byte[]> compressed(String target) {
        return listener.exchange(
                "GET",
                target,
                BodyPublishers.noBody(),
                HttpResponse.BodyHandlers.ofByteArray(),
                "Accept-Encoding",
                "gzip, br");
    }

    /** The request is counted while its response is on its way, just before or after the client has it. */
    private long times(String status) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        long wanted = status.equals("200") ? 2 : 1;
        long seen = 0;
        while (seen < wanted && System.nanoTime() < end) {
            var timer = listener.meters
                    .find("http.request.duration")
                    .tags("route", "/v1/forecasts", "method", "GET", "status", status)
                    .timer();
            seen = timer == null ? 0 : timer.count();
        }
        return seen;
    }

    /** The headers that do not depend on the time. */
    private static Map<String, List<String>> lasting(HttpResponse<?> response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(response.headers().map());
        List.of("Age", "Cache-Status", "X-Request-Id").forEach(headers::remove);
        return headers;
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }
}
