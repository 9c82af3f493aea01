package io.hemline.serving.oip;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.testing.FakeTrendBoard;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.oip.testing.FakeTensorModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The binary tensor extension and packed bodies, as the Python clients use them. */
class BinaryTensorsTest {

    private static final String INFER = "/v2/models/trend/infer";
    private static final String LENGTH = "Inference-Header-Content-Length";
    private static final String X =
            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":8}}";
    private static final String KEEP =
            "{\"name\":\"keep\",\"shape\":[1],\"datatype\":\"BOOL\",\"parameters\":{\"binary_data_size\":1}}";
    private static final String PLAIN_X = "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1.5,2]}";
    private static final String PLAIN_KEEP = "{\"name\":\"keep\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]}";
    private static final byte[] FLOATS = floats(1.5f, 2);

    private final FakeTensorModels models = new FakeTensorModels();
    private TestListener listener;

    @BeforeEach
    void open() {
        HttpConfig small = changed(TestListener.defaults(), Map.of("maxBody", 100_000));
        listener = new TestListener(
                small,
                new FakeTrendBoard(),
                new OpenInference(new CheckedModels(models, 64, 5_000_000), () -> true, ServerIdentity.rest("0.1.0"))
                        .resources());
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void readsTensorsBehindTheTextInTheirOrder() {
        HttpResponse<byte[]> response = post("{\"inputs\":[" + KEEP + "," + X + "]}", join(new byte[] {1}, FLOATS));

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(text(response)).contains("\"data\":[3.0,4.0]").contains("\"data\":[true]");
    }

    @Test
    void countsAPackedBodyAsTheLargestOneItMayBecome() throws IOException {
        models.hang();
        byte[] text = ("{\"inputs\":[" + PLAIN_X + "," + PLAIN_KEEP + "]}").getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> late =
                send(INFER, packed("gzip", text), "Content-Encoding", "gzip", "X-Request-Timeout-Ms", "20");

        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(listener.meters.get("http.bodies.bytes").gauge().value()).isEqualTo(100_000);
    }

    @Test
    void mixesTensorsInTheTextWithTensorsBehindIt() {
        HttpResponse<byte[]> response = post("{\"inputs\":[" + X + "," + PLAIN_KEEP + "]}", FLOATS);

        assertThat(text(response)).contains("\"data\":[3.0,4.0]");
    }

    @Test
    void writesRequestedBinaryOutputsBehindTheJson() {
        String text = "{\"id\":\"a\",\"inputs\":[" + X + "," + PLAIN_KEEP + "],"
                + "\"outputs\":[{\"name\":\"flag\"},{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}]}";

        HttpResponse<byte[]> response = post(text, FLOATS);

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        String expected = "{\"model_name\":\"trend\",\"model_version\":\"7\",\"id\":\"a\",\"outputs\":["
                + "{\"name\":\"flag\",\"datatype\":\"BOOL\",\"shape\":[1],\"data\":[true]},"
                + "{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1,2],\"parameters\":{\"binary_data_size\":8}}]}";
        assertThat(response.headers().firstValue(LENGTH)).hasValue(Integer.toString(expected.length()));
        assertThat(response.body()).isEqualTo(join(expected.getBytes(StandardCharsets.UTF_8), floats(3, 4)));
    }

    @Test
    void letsAnOutputOverrideTheDefaultOfTheRequest() {
        String text = "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[" + X + "," + PLAIN_KEEP + "],"
                + "\"outputs\":[{\"name\":\"y\"},{\"name\":\"flag\",\"parameters\":{\"binary_data\":false}}]}";

        HttpResponse<byte[]> response = post(text, FLOATS);

        assertThat(text(response)).contains("\"binary_data_size\":8").contains("\"data\":[true]");
        assertThat(response.body()).endsWith(floats(3, 4));
    }

    @Test
    void takesOneTensorWithoutAnyText() {
        HttpResponse<byte[]> response = send("/v2/models/picture/infer", new byte[] {1, 2, 3, 4}, LENGTH, "0");

        assertThat(text(response)).contains("\"shape\":[2,2]").contains("\"binary_data_size\":4");
        assertThat(response.body()).endsWith((byte) 1, (byte) 2, (byte) 3, (byte) 4);
    }

    static Stream<Arguments> lies() {
        String good = "{\"inputs\":[" + X + "," + PLAIN_KEEP + "]}";
        return Stream.of(
                arguments("99999999999", good, FLOATS, LENGTH),
                arguments("-1", good, FLOATS, LENGTH),
                arguments("many", good, FLOATS, LENGTH),
                arguments("+" + good.length(), good, FLOATS, LENGTH),
                arguments(Integer.toString(good.length() + 9), good, FLOATS, LENGTH),
                arguments(Integer.toString(good.length() - 3), good, FLOATS, "JSON"),
                arguments("0", good, FLOATS, "one input"),
                arguments(null, good, new byte[4], "only 4 bytes follow"),
                arguments(null, good, new byte[9], "1 bytes follow"),
                arguments(null, good.replace(":8}", ":9}"), new byte[9], "make 8 bytes, not 9"),
                arguments(null, good.replace(":8}", ":9223372036854775807}"), FLOATS, "only 8 bytes follow"),
                arguments(null, good.replace(":8}", ":99999999999999999999}"), FLOATS, "binary_data_size"),
                arguments(null, good.replace(":8}", ":-8}"), FLOATS, "binary_data_size"),
                arguments(null, good.replace(":8}", ":true}"), FLOATS, "binary_data_size"),
                arguments(null, good.replace("[1,2]", "[2147483647,2147483647]"), FLOATS, "2 GB"),
                arguments(null, good.replace("[1,2]", "[2147483648,2]"), FLOATS, "dimension"),
                arguments(null, good.replace(":8}}", ":8},\"data\":[1,2]}"), FLOATS, "both data and"),
                arguments(null, good, floats(1, Float.NaN), "element 1 must be finite, is NaN"),
                arguments(null, good, floats(Float.NEGATIVE_INFINITY, 1), "element 0 must be finite, is -Infinity"),
                arguments(
                        null,
                        "{\"inputs\":[" + X + "," + KEEP + "]}",
                        join(FLOATS, new byte[] {7}),
                        "BOOL is the byte 0 or 1, not 7"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void believesNoLengthThatItCannotSee(@Nullable String length, String text, byte[] tail, String words) {
        byte[] body = join(text.getBytes(StandardCharsets.UTF_8), tail);

        HttpResponse<byte[]> response =
                send(INFER, body, LENGTH, length == null ? Integer.toString(text.length()) : length);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response)).contains("\"error\":\"").contains(words);
        assertThat(post("{\"inputs\":[" + X + "," + PLAIN_KEEP + "]}", FLOATS).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"gzip", "GZIP", "x-gzip", "deflate", "identity"})
    void undoesThePackingOfABody(String encoding) throws IOException {
        String text = "{\"inputs\":[" + X + "," + PLAIN_KEEP + "]}";
        byte[] body = packed(encoding, join(text.getBytes(StandardCharsets.UTF_8), FLOATS));

        HttpResponse<byte[]> response =
                send(INFER, body, LENGTH, Integer.toString(text.length()), "Content-Encoding", encoding);

        assertThat(text(response)).contains("\"data\":[3.0,4.0]");
    }

    @Test
    void takesNoMoreOutOfABodyThanABodyMayHave() throws IOException {
        byte[] bomb = packed("gzip", new byte[50_000_000]);

        HttpResponse<byte[]> response = send(INFER, bomb, "Content-Encoding", "gzip");

        assertThat(bomb.length).isLessThan(100_000);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(text(response)).contains("100000 bytes");
    }

    @ParameterizedTest
    @CsvSource({"gzip,400", "deflate,400", "br,415", "'gzip, gzip',415"})
    void refusesWhatIsNotPackedAsItSays(String encoding, int status) {
        HttpResponse<byte[]> response = send(INFER, new byte[] {1, 2, 3}, "Content-Encoding", encoding);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(text(response)).contains("\"error\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void refusesWhatIsNeitherTextNorTensors(String type) {
        HttpResponse<byte[]> response = send(INFER, "{}".getBytes(StandardCharsets.UTF_8), "Content-Type", type);

        assertThat(response.statusCode()).isEqualTo(415);
    }

    @Test
    void waitsNoLongerThanTheRequestSays() {
        models.hang();
        String text = "{\"parameters\":{\"timeout\":20000},\"inputs\":[" + X + "," + PLAIN_KEEP + "]}";

        HttpResponse<byte[]> response = post(text, FLOATS);

        assertThat(response.statusCode()).isEqualTo(504);
    }

    private HttpResponse<byte[]> post(String text, byte[] tail) {
        byte[] body = join(text.getBytes(StandardCharsets.UTF_8), tail);
        return send(INFER, body, LENGTH, Integer.toString(text.length()));
    }

    private HttpResponse<byte[]> send(String path, byte[] body, String... headers) {
        return listener.exchange(
                "POST", path, BodyPublishers.ofByteArray(body), HttpResponse.BodyHandlers.ofByteArray(), headers);
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.ISO_8859_1);
    }

    private static byte[] packed(String encoding, byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = switch (encoding) {
            case "identity" -> packed;
            case "deflate" -> new DeflaterOutputStream(packed);
            default -> new GZIPOutputStream(packed);
        }) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
