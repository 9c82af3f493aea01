package io.hemline.serving.oip;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.FakeTrendBoard;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.oip.testing.FakeTensorModels;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures as BYTES, in the text and behind it, held to the limits before anything is decoded. */
class EncodedImagesTest {

    private static final long SEED = 20_261_126;
    private static final int ROUNDS = 600;
    private static final int MAX_ROWS = 3;
    private static final int MAX_PICTURE = 6;
    private static final String INFER = "/v2/models/picture/infer";
    private static final String LENGTH = "Inference-Header-Content-Length";

    private static TestListener listener;

    @BeforeAll
    static void open() {
        CheckedModels models = new CheckedModels(new FakeTensorModels(), MAX_ROWS, MAX_PICTURE);
        listener = new TestListener(
                TestListener.defaults(),
                new FakeTrendBoard(),
                new OpenInference(models, () -> true, ServerIdentity.rest("0.1.0")).resources());
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[2] | ['AQL/','']", "[2,1] | [['AQL/'],['']]", "[2,1] | ['AQL/','']"})
    void takesBase64InTheText(String shape, String data) {
        HttpResponse<String> response = listener.post(INFER, text(shape, "BYTES", "'data':" + data));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().replace('"', '\'')).contains("'shape':" + shape + ",'data':['AQL/','']");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[2]", "[2,1]"})
    void takesFilesBehindTheTextEachBehindItsLength(String shape) {
        HttpResponse<byte[]> response = binary(shape, "03000000 0102ff 00000000");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("[\"AQL/\",\"\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]     | BYTES | ['AQI']             | element 0 must be padded base64, is 'AQI'",
                "[2]     | BYTES | ['','A-I=']         | element 1 must be standard base64, is 'A-I='",
                "[1]     | BYTES | [7]                 | element 0 must be a string of base64, is 7",
                "[2]     | BYTES | ['']                | shape [2] has 2 elements, data has 1",
                "[0]     | BYTES | []                  | at least one row, not 0",
                "[4]     | BYTES | ['','','','']       | at most 3 rows in a request, not 4",
                "[2]     | BYTES | ['','AQIDBAUGBw=='] | element 1 must have at most 6 bytes (http.max-image), has 7",
                "[1,2]   | BYTES | ['','']             | shape is [1, 2], or BYTES of shape [B] or [B, 1]",
                "[]      | BYTES | ['']                | shape is [], or BYTES of shape [B] or [B, 1]",
                "[1,2]   | INT64 | [1,2]               | must be UINT8, is INT64, or BYTES of shape [B] or [B, 1]",
                "[1,3]   | UINT8 | [1,2,3]             | must be [B, 2], is [1, 3], or BYTES of shape [B] or [B, 1]",
                "[1,2]   | FP16  | [1,2]               | one of [FP32, INT64, BOOL, UINT8, BYTES], not FP16",
            })
    void namesTheTensorTheElementAndTheLimit(String shape, String datatype, String data, String words) {
        HttpResponse<String> response = listener.post(INFER, text(shape, datatype, "'data':" + data));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body().replace("\\\"", "'"))
                .contains("\"error\":\"tensor 'pixels': ")
                .contains(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[2]         | 03000000 0102ff          | element 1 of 2 needs 4 bytes for its length, only 0 follow",
                "[1]         | 04000000 0102ff          | element 0 has 4 bytes by its length, only 3 follow",
                "[1]         | ffffffff 0102ff          | element 0 has 4294967295 bytes by its length, only 3 follow",
                "[1]         | 02000000 0102ff          | 1 bytes follow the last of its 1 elements",
                "[3]         | 00000000 00000000        | element 2 of 3 needs 4 bytes",
                "[2147483647]| 00000000                 | over 2 GB of BYTES",
                "[500000000] | 00000000                 | element 1 of 500000000 needs 4 bytes",
                "[1]         | 07000000 01020304050607  | element 0 must have at most 6 bytes (http.max-image), has 7",
            })
    void believesNoLengthThatItCannotSee(String shape, String tail, String words) {
        HttpResponse<byte[]> response = binary(shape, tail);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), StandardCharsets.UTF_8).replace("\\\"", "'"))
                .contains("\"error\":\"tensor 'pixels': ")
                .contains(words);
    }

    @Test
    void countsRowsBeforeItLooksAtThem() {
        byte[] empties = new byte[4 * 1_000_000];

        HttpResponse<byte[]> response = binary("[1000000]", empties);

        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("at most 3 rows in a request");
    }

    @Test
    void takesBytesForPicturesAlone() {
        String text = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"\"]},"
                + "{\"name\":\"keep\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]}]}";

        HttpResponse<String> response = listener.post("/v2/models/trend/infer", text);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("datatype must be FP32, is BYTES\"");
    }

    @Test
    void answersSpoiltLengths() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] tail = new byte[random.nextInt(40)];
            for (int i = 0; i < tail.length; i++) {
                tail[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(7) : 0);
            }
            String shape = "[" + random.nextInt(5) + (random.nextBoolean() ? "]" : "," + random.nextInt(3) + "]");

            int status = binary(shape, tail).statusCode();

            assertThat(status)
                    .as(
                            "seed %d, round %d: %s %s",
                            SEED, round, shape, HexFormat.of().formatHex(tail))
                    .isIn(200, 400);
        }
    }

    private static String text(String shape, String datatype, String data) {
        return ("{'inputs':[{'name':'pixels','shape':" + shape + ",'datatype':'" + datatype + "'," + data + "}]}")
                .replace('\'', '"');
    }

    private static HttpResponse<byte[]> binary(String shape, String hex) {
        return binary(shape, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static HttpResponse<byte[]> binary(String shape, byte[] tail) {
        byte[] text = text(shape, "BYTES", "'parameters':{'binary_data_size':" + tail.length + "}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(text, text.length + tail.length);
        System.arraycopy(tail, 0, body, text.length, tail.length);
        return listener.exchange(
                "POST",
                INFER,
                BodyPublishers.ofByteArray(body),
                HttpResponse.BodyHandlers.ofByteArray(),
                "Content-Type",
                "application/octet-stream",
                LENGTH,
                Integer.toString(text.length));
    }
}
