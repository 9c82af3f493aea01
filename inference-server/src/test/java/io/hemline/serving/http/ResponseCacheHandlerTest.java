package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.http.testing.OpenDoor;
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
    private OpenDoor door;

    @BeforeEach
    void open() {
        door = OpenDoor.open();
        prepare();
    }

    private void prepare() {
        door.forecaster.last(Duration.ofSeconds(7), Duration.ofMinutes(5));
        door.forecaster.answerInstead(request -> {
            asked.incrementAndGet();
            return door.forecaster.answer(request);
        });
    }

    @AfterEach
    void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {FULL, BRIEF})
    void givesTheSameAnswerAgainWithoutAsking(String target) {
        HttpResponse<String> first = door.get(target);
        HttpResponse<String> second = door.get(target);

        assertThat(asked).hasValue(1);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(lasting(second)).isEqualTo(lasting(first));
        assertThat(header(second, "X-Request-Id")).matches("[0-9a-f]{32}").isNotEqualTo(header(first, "X-Request-Id"));
        assertThat(header(first, "Cache-Status")).isEqualTo("hemline; fwd=miss");
        assertThat(header(second, "Cache-Status")).matches("hemline; hit; ttl=2[0-9][0-9]");
        assertThat(Integer.parseInt(header(second, "Age"))).isBetween(7, 60);
        assertThat(onTheDoorstep()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/predict?hashtags=cargo,wideleg&market=vn",
                "/predict?market=vn&hashtags=%23WideLeg,cargo,CARGO",
                "/predict?hashtags=+wideleg,%20cargo&market=vn"
            })
    void knowsTheQuestionInAnotherSpelling(String spelling) {
        HttpResponse<String> first = door.get(BRIEF);

        for (int time = 0; time < 2; time++) {
            HttpResponse<String> again = door.get(spelling);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(header(again, "Cache-Status")).startsWith("hemline; hit");
            // The router finds it by its canonical name, and from then on it is known by this spelling.
            assertThat(onTheDoorstep()).isEqualTo(time);
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
    void asksForWhatHasAnotherAnswer(String other) {
        HttpResponse<String> first = door.get(FULL);

        HttpResponse<String> second = door.get(other);

        assertThat(asked).hasValue(2);
        assertThat(second.body()).isNotEqualTo(first.body());
    }

    @Test
    void givesEqualBytesToThoseWhoPost() {
        HttpResponse<String> got = door.get(BRIEF);
        String body = "{\"hashtags\": [\"cargo\", \"#wideleg\"], \"market\": \"vn\"}";

        HttpResponse<String> posted = door.post("/predict", body);
        HttpResponse<String> again = door.post("/predict", body);

        assertThat(asked).hasValue(1);
        assertThat(List.of(posted.body(), again.body())).containsOnly(got.body());
        assertThat(header(again, "Cache-Status")).startsWith("hemline; hit");
        assertThat(header(again, "ETag")).isEqualTo(header(got, "ETag"));
    }

    @Test
    void remembersAPostedSeriesThatIsAskedAgainByItsBytesAlone() {
        String body = "{\"items\": [{\"id\": \"mine\", \"series\": [1, 2], \"last_week\": \"2026-11-16\"}]}";

        HttpResponse<String> first = door.post("/v1/forecasts", body);
        door.forecaster.hit(1);
        HttpResponse<String> second = door.post("/v1/forecasts", body);
        HttpResponse<String> third = door.post("/v1/forecasts", body);
        door.post("/v1/forecasts", body.replace("mine", "yours"));

        assertThat(List.of(second.body(), third.body())).containsOnly(first.body());
        assertThat(header(third, "Cache-Status")).startsWith("hemline; hit");
        assertThat(asked).hasValue(3);
    }

    @Test
    void answersNotModifiedAndHead() {
        HttpResponse<String> first = door.get(FULL);
        String tag = header(first, "ETag");

        HttpResponse<String> same = door.get(FULL, "If-None-Match", "\"other\", W/" + tag);
        HttpResponse<String> head = door.send("HEAD", FULL, BodyPublishers.noBody());

        assertThat(asked).hasValue(1);
        assertThat(onTheDoorstep()).as("HEAD goes inside").isEqualTo(1);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "ETag")).isEqualTo(tag);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(lasting(head)).isEqualTo(lasting(first));
    }

    @Test
    void compressesOnceForThoseWhoAccept() throws IOException {
        String plain = door.get(FULL).body();

        HttpResponse<byte[]> miss = compressed(FULL.replace("wideleg", "jorts"));
        HttpResponse<byte[]> hit = compressed(FULL);

        assertThat(asked).hasValue(2);
        assertThat(onTheDoorstep()).isEqualTo(1);
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
        door.get(BRIEF);
        door.forecaster.answerInstead(request -> {
            Promise<Answer> late = Promise.promise();
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                    .execute(() -> door.forecaster.answer(request).onComplete(late));
            return late.future();
        });

        String answers = door.raw((hit + hit + miss + hit + posted + hit + last).getBytes(StandardCharsets.US_ASCII));

        assertThat(Pattern.compile("Cache-Status: hemline; (hit|fwd=miss)", Pattern.CASE_INSENSITIVE)
                        .matcher(answers)
                        .results()
                        .map(found -> found.group(1)))
                .containsExactly("hit", "hit", "fwd=miss", "hit", "fwd=miss", "hit", "hit");
        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(8);
        // Behind the miss all are let in, at least until it is answered; the last one asks for the end.
        assertThat(onTheDoorstep()).isBetween(2, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1\r\nConnection: close"})
    void hangsUpOnThoseWhoAskForIt(String protocol) throws IOException {
        door.get(BRIEF);

        String asked = request("GET", BRIEF, "").replace("HTTP/1.1", protocol) + request("GET", BRIEF, "");
        String answers = door.raw(asked.getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(2);
        assertThat(onTheDoorstep()).isZero();
    }

    @Test
    void goesOnAfterAQuestionThatNobodyAsksWithABody() throws IOException {
        door.get(BRIEF);
        String hit = request("GET", BRIEF, "");

        String answers = door.raw((hit + request("GET", BRIEF, "{}") + hit + hit).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(5);
        assertThat(onTheDoorstep()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a b\r\n"})
    void givesNothingToThoseWhoNameNoHost(String host) throws IOException {
        door.get(BRIEF);

        String answer =
                door.raw(request("GET", BRIEF, "").replace("Host: h\r\n", host).getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(onTheDoorstep()).isZero();
    }

    @Test
    void takesTheCallersRequestIdAndMakesOneForWhatIsNone() {
        door.get(FULL);

        assertThat(header(door.get(FULL, "X-Request-Id", "abc-1"), "X-Request-Id"))
                .isEqualTo("abc-1");
        assertThat(header(door.get(FULL, "X-Request-Id", "a b"), "X-Request-Id"))
                .matches("[0-9a-f]{32}");
        assertThat(onTheDoorstep()).isEqualTo(2);
    }

    @Test
    void tellsTheWitnessesOfWhatItAnswers() {
        door.get(BRIEF);
        HttpResponse<String> hit = door.get(BRIEF, "X-Request-Id", "mine");

        assertThat(door.passages)
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
        assertThat(onTheDoorstep()).isEqualTo(1);
    }

    @Test
    void readsTheDeadlineAlsoOfThoseItKnows() {
        door.get(FULL);

        assertThat(door.get(FULL, "X-Request-Timeout-Ms", "soon").statusCode()).isEqualTo(422);
        assertThat(door.get(FULL, "X-Request-Timeout-Ms", "100").statusCode()).isEqualTo(200);
        assertThat(asked).hasValue(1);
        assertThat(onTheDoorstep()).as("the router reads it").isZero();
    }

    @Test
    void letsPagesOfOtherOriginsReadIt() {
        door.close();
        door = OpenDoor.open(changed(OpenDoor.defaults(), Map.of("corsOrigins", "https://shop.example")));
        prepare();
        door.get(FULL, "Origin", "https://shop.example");

        HttpResponse<String> hit = door.get(FULL, "Origin", "https://shop.example");

        assertThat(asked).hasValue(1);
        assertThat(header(hit, "Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
        assertThat(hit.headers().allValues("Vary")).containsExactly("Origin", "Accept-Encoding");
        assertThat(door.get(FULL).headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(onTheDoorstep()).isZero();
    }

    @Test
    void countsWhatItAnswers() {
        door.get(FULL);
        door.get(FULL);
        door.get(FULL, "If-None-Match", "*");

        assertThat(times("200")).isEqualTo(2);
        assertThat(times("304")).isEqualTo(1);
        assertThat(onTheDoorstep()).isEqualTo(2);
        assertThat(door.forecaster.version.answered).hasValue(2);
        assertThat(door.door.running()).isZero();
    }

    @Test
    void remembersNoFailureAndNothingThatDoesNotLast() {
        door.forecaster.answerInstead(request -> {
            asked.incrementAndGet();
            return Future.failedFuture(ForecastException.of(Failure.OVERLOADED, "full"));
        });
        assertThat(door.get(FULL).statusCode()).isEqualTo(503);
        prepare();
        door.forecaster.last(Duration.ZERO, Duration.ZERO);
        door.get(FULL);
        door.get(FULL);

        assertThat(asked).hasValue(3);
    }

    @Test
    void remembersNothingThatWasAskedBeforeFeaturesChanged() {
        door.forecaster.answerInstead(request -> {
            asked.incrementAndGet();
            door.forecaster.version.generation.incrementAndGet();
            return door.forecaster.answer(request);
        });
        door.get(FULL);
        door.get(FULL);

        assertThat(asked).hasValue(2);
    }

    @Test
    void goesInsideWhenItsAnswersAskClientsToLeave() throws IOException {
        door.get(BRIEF);
        door.door.retire();

        String answer = door.raw(request("GET", BRIEF, "").getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).contains("hemline; hit").containsIgnoringCase("connection: close");
        assertThat(onTheDoorstep()).isZero();
    }

    @Test
    void answersThoseWhoSayThatTheyAskWithoutABody() throws IOException {
        door.get(BRIEF);
        String length = lines(BRIEF, "Content-Length: 0");

        String answers = door.raw((length + length + lines(BRIEF)).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(4);
        assertThat(onTheDoorstep()).isEqualTo(3);
    }

    @Test
    void readsAListOfSeveralLinesAsOne() throws IOException {
        door.get(BRIEF);
        String big = FULL.replace("wideleg,cargo", "a,b,c,d,e,f,g,h");
        door.get(big);

        for (String target : List.of(BRIEF, "/openapi.json")) {
            String known = lines(target, "If-None-Match: \"other\"", "if-none-match: " + tag(target));
            assertThat(door.raw(known.getBytes(StandardCharsets.US_ASCII))).startsWith("HTTP/1.1 304 ");
        }
        for (String coding : List.of("gzip", "*;q=0.5")) {
            String accepts = lines(big, "Accept-Encoding: br", "Accept-Encoding: " + coding);
            assertThat(door.raw(accepts.getBytes(StandardCharsets.US_ASCII)))
                    .containsIgnoringCase("Content-Encoding: gzip");
        }
    }

    /** A posted question changes nothing, and who keeps its answer, as the edge does, asks whether it still holds. */
    @Test
    void answersNotModifiedToThoseWhoPostAQuestionAgain() {
        String body = "{\"hashtags\": [\"cargo\"]}";
        String tag = header(door.post("/predict", body), "ETag");

        for (int time = 0; time < 2; time++) {
            HttpResponse<String> again = door.send(
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
    void hangsUpOnThoseWhoAskForItInASecondLine() throws IOException {
        door.get(BRIEF);
        String last = lines(BRIEF, "Connection: keep-alive", "Connection: close");

        String answers = door.raw((last + request("GET", BRIEF, "")).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("hemline; hit", -1)).hasSize(2);
    }

    private String tag(String target) {
        return header(door.get(target), "ETag");
    }

    private static String lines(String target, String... lines) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n"
                + String.join("", Stream.of(lines).map(line -> line + "\r\n").toList()) + "\r\n";
    }

    /** How many answers the doorstep gave; each is counted before it is sent. */
    private int onTheDoorstep() {
        return (int) door.meters.get("http.doorstep.answers").counter().count();
    }

    private static String request(String method, String target, String body) {
        String length =
                body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + body;
    }

    private HttpResponse<byte[]> compressed(String target) {
        return door.exchange(
                "GET",
                target,
                BodyPublishers.noBody(),
                HttpResponse.BodyHandlers.ofByteArray(),
                "Accept-Encoding",
                "gzip, br");
    }

    /** The request is counted when its answer is on the way, a moment before or after the caller has it. */
    private long times(String status) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        long wanted = status.equals("200") ? 2 : 1;
        long seen = 0;
        while (seen < wanted && System.nanoTime() < end) {
            var timer = door.meters
                    .find("http.request.duration")
                    .tags("route", "/v1/forecasts", "method", "GET", "status", status)
                    .timer();
            seen = timer == null ? 0 : timer.count();
        }
        return seen;
    }

    /** The headers that do not depend on when somebody asks. */
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
