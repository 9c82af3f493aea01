package io.hemline.serving.oip;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.FakeTrendBoard;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.oip.testing.FakeTensorModels;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Spoilt requests of the Open Inference Protocol, as text and with bytes behind it: none blames the server or hangs.
 */
class StrangeTensorsTest {

    private static final long SEED = 20_261_124;
    private static final int ROUNDS = 1000;
    private static final String TEXT =
            "{\"id\":\"r\",\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\","
                    + "\"data\":[1.5,2]},{\"name\":\"keep\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]}],"
                    + "\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}],\"parameters\":{\"timeout\":9000000}}";
    private static final String HEAD = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\","
            + "\"parameters\":{\"binary_data_size\":8}},{\"name\":\"keep\",\"shape\":[1],\"datatype\":\"BOOL\","
            + "\"parameters\":{\"binary_data_size\":1}}]}";
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "[[[[",
            ",",
            "\"",
            "null",
            "-1",
            "9223372036854775807",
            "1e999",
            "NaN",
            "true",
            "\\u0000",
            "BYTES",
            "INT64",
            "\"data\":",
            "\"shape\":[0]",
            "[".repeat(200),
            "2147483648");
    private static final List<String> LENGTHS = List.of("0", "-1", "1", "99999999999", "x", "", " 5", "007");

    private static TestListener listener;

    @BeforeAll
    static void open() {
        CheckedModels models = new CheckedModels(new FakeTensorModels(), 64, 5_000_000);
        listener = new TestListener(
                TestListener.defaults(),
                new FakeTrendBoard(),
                new OpenInference(models, () -> true, ServerIdentity.rest("0.1.0")).resources());
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @Test
    void answersSpoiltText() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = spoilt(TEXT, random);
            assertAnswered(body, "Content-Type", "application/json");
        }
        assertThat(listener.http.running()).isZero();
    }

    @Test
    void answersSpoiltTextWithBytesBehindIt() {
        Random random = new Random(SEED);
        byte[] tail = ByteBuffer.allocate(9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(Float.intBitsToFloat(random.nextInt()))
                .put((byte) random.nextInt())
                .array();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] head = random.nextInt(3) == 0 ? HEAD.getBytes(StandardCharsets.UTF_8) : spoilt(HEAD, random);
            byte[] whole = Arrays.copyOf(head, head.length + random.nextInt(tail.length + 2));
            System.arraycopy(tail, 0, whole, head.length, Math.min(tail.length, whole.length - head.length));
            String length = random.nextInt(3) == 0
                    ? LENGTHS.get(random.nextInt(LENGTHS.size()))
                    : Integer.toString(head.length);
            if (length.isBlank() || length.startsWith(" ")) {
                length = "+" + length.strip();
            }
            assertAnswered(
                    whole, "Content-Type", "application/octet-stream", "Inference-Header-Content-Length", length);
        }
        assertThat(listener.http.running()).isZero();
    }

    private static byte[] spoilt(String valid, Random random) {
        StringBuilder text = new StringBuilder(valid);
        for (int spoils = 1 + random.nextInt(3); spoils > 0; spoils--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(10)));
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.setCharAt(at, (char) random.nextInt(0x3000));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(30))));
            }
            if (text.length() == 0) {
                text.append(' ');
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void assertAnswered(byte[] body, String... headers) {
        HttpResponse<byte[]> response = listener.exchange(
                "POST",
                "/v2/models/trend/infer",
                BodyPublishers.ofByteArray(body),
                HttpResponse.BodyHandlers.ofByteArray(),
                headers);

        // 504 is what a request gets that asks for less time than there is.
        assertThat(response.statusCode())
                .as(new String(body, StandardCharsets.UTF_8) + " " + List.of(headers))
                .isIn(200, 400, 404, 504);
    }
}
