package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random bytes and spoilt questions: each gets an answer, and never one that blames the server. */
class StrangeInputTest {

    private static final long SEED = 20_261_123;
    private static final int ROUNDS = 1500;
    private static final List<String> QUESTIONS = List.of(
            "{\"items\":[{\"hashtag\":\"wideleg\",\"market\":\"vn\"},{\"id\":\"x\",\"series\":[12.0,1e3,null,-1.8],"
                    + "\"last_week\":\"2018-12-31\",\"image\":\"QUJDRA==\",\"attributes\":{\"market\":\"us\"}}],"
                    + "\"include\":\"history\"}",
            "{\"hashtags\":[\"a\",\"\\u00fc\\ud83d\\ude00\"],\"market\":\"vn\"}");
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "true",
        "NaN",
        "1e999",
        "-0",
        "\\ud800",
        "\\u0000",
        "\u0000",
        "{}",
        "[]",
        "\"series\":",
        "\"hashtag\":",
        "\"\"",
        "\uFFFF",
        "9".repeat(400),
        "2026-11-16"
    };

    private static TestListener listener;

    @BeforeAll
    static void open() {
        listener = TestListener.open();
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @Test
    void answersRandomBytes() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS / 3; round++) {
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            assertAnswered(random, body);
        }
    }

    @Test
    void answersSpoiltQuestions() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder body = new StringBuilder(QUESTIONS.get(random.nextInt(QUESTIONS.size())));
            for (int spoils = 1 + random.nextInt(4); spoils > 0; spoils--) {
                spoil(body, random);
            }
            assertAnswered(random, body.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void answersStrangeQueries() {
        Random random = new Random(SEED);
        String[] parts = {
            "hashtags=", "a", ",", "%", "%C3", "%A9", "&", "=", "market=", "include=history", "+", "%00", "#", "%ud8"
        };
        for (int round = 0; round < ROUNDS / 3; round++) {
            StringBuilder query = new StringBuilder("/predict?");
            for (int i = random.nextInt(8); i >= 0; i--) {
                query.append(parts[random.nextInt(parts.length)]);
            }
            String line = "GET " + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            try {
                String answer = listener.raw(line.getBytes(StandardCharsets.US_ASCII));
                assertThat(answer).as(line).containsPattern("^HTTP/1.1 [24]");
            } catch (java.io.IOException e) {
                throw new AssertionError(line, e);
            }
        }
    }

    private static void spoil(StringBuilder body, Random random) {
        int at = random.nextInt(body.length());
        switch (random.nextInt(4)) {
            case 0 -> body.deleteCharAt(at);
            case 1 -> body.insert(at, PIECES[random.nextInt(PIECES.length)]);
            case 2 -> body.setCharAt(at, (char) random.nextInt(0x3000));
            default -> body.insert(at, body.substring(at, Math.min(body.length(), at + random.nextInt(30))));
        }
        if (body.length() == 0) {
            body.append(' ');
        }
    }

    private static void assertAnswered(Random random, byte[] body) {
        String path = random.nextBoolean() ? "/v1/forecasts" : "/predict";
        HttpResponse<String> response =
                listener.send("POST", path, BodyPublishers.ofByteArray(body), "Content-Type", "application/json");

        assertThat(response.statusCode())
                .as(new String(body, StandardCharsets.UTF_8))
                .isIn(200, 400, 404, 422);
        Json.parse(response.body());
    }
}
