package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.hemline.serving.oip.grpc.testing.RawCaller;
import io.hemline.serving.oip.grpc.testing.RawCaller.Reply;
import io.hemline.serving.oip.grpc.wire.InferTensorContents;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest.InferInputTensor;
import io.hemline.serving.oip.grpc.wire.ModelInferResponse;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures as BYTES from both doors of the protocol to the real decoder and back. */
class EncodedPicturesPathTest {

    private static final String MODEL = "trend-image-encoder";
    private static final int OK = 0;
    private static final int INVALID_ARGUMENT = 3;

    @TempDir
    private static Path folder;

    private static TestServer testServer;
    private static RawCaller caller;
    private static byte[] jpeg;
    private static byte[] png;

    @BeforeAll
    static void open() throws Exception {
        testServer = TestServer.of(folder, "good");
        caller = new RawCaller(testServer.server().grpcPort());
        jpeg = Files.readAllBytes(Path.of("../model-store/fixtures/images/plain.jpg"));
        png = Files.readAllBytes(TinyImages.png(folder, 30, 20));
    }

    @AfterAll
    static void close() {
        caller.close();
        testServer.close();
    }

    @Test
    void givesTheSameEmbeddingsHoweverThePicturesCome() throws Exception {
        List<Float> overRest = floats(post(jpeg, png));

        ModelInferRequest.Builder typed = request(2);
        typed.getInputsBuilder(0)
                .setContents(InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFrom(jpeg))
                        .addBytesContents(ByteString.copyFrom(png)));
        ModelInferRequest.Builder raw = request(2).addRawInputContents(behindLengths(jpeg, png));

        assertThat(overRest).isNotEmpty();
        assertThat(answer(typed).getOutputs(0).getContents().getFp32ContentsList())
                .isEqualTo(overRest);
        ByteBuffer floats =
                answer(raw).getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Stream.generate(floats::getFloat).limit(overRest.size()).toList())
                .isEqualTo(overRest);
    }

    @Test
    void saysWhichElementIsNoPictureAndWhichHasTooManyPixels() throws Exception {
        byte[] cut = Arrays.copyOf(jpeg, 200);
        byte[] wide = Files.readAllBytes(TinyImages.png(folder, 16_001, 1000));

        assertThat(refusal(post(png, cut))).isEqualTo("tensor \"image\": element 1 is a JPEG file that breaks off");
        assertThat(refusal(post(wide, png)))
                .startsWith("tensor \"image\": element 0 must have at most 16000000 pixels, has 16001 x 1000");
        Reply reply = caller.call(
                "ModelInfer",
                RawCaller.frame(
                        request(2).addRawInputContents(behindLengths(png, cut)).build()));
        assertThat(reply.status()).isEqualTo(INVALID_ARGUMENT);
        assertThat(reply.message()).contains("element 1 is a JPEG file that breaks off");
    }

    @Test
    void saysWhichElementHasTooManyBytes() {
        byte[] large = new byte[5_000_001];

        assertThat(refusal(post(png, large)))
                .isEqualTo("tensor \"image\": element 1 must have at most 5000000 bytes (http.max-image), has 5000001");
    }

    @Test
    void stillTellsOfPixelsAlone() {
        JsonObject input = new JsonObject(testServer.get("/v2/models/" + MODEL).body())
                .getJsonArray("inputs")
                .getJsonObject(0);

        assertThat(input.getString("datatype")).isEqualTo("UINT8");
        assertThat(input.getJsonArray("shape")).isEqualTo(JsonArray.of(-1, 224, 224, 3));
    }

    private static HttpResponse<String> post(byte[]... files) {
        String data = Stream.of(files)
                .map(file -> '"' + Base64.getEncoder().encodeToString(file) + '"')
                .collect(Collectors.joining(","));
        return testServer.post(
                "/v2/models/" + MODEL + "/infer",
                "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[" + files.length + "],\"data\":["
                        + data + "]}]}");
    }

    private static List<Float> floats(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body())
                .getJsonArray("outputs").getJsonObject(0).getJsonArray("data").stream()
                        .map(value -> ((Number) value).floatValue())
                        .toList();
    }

    private static String refusal(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(400);
        return new JsonObject(response.body()).getString("error");
    }

    private static ModelInferRequest.Builder request(int pictures) {
        return ModelInferRequest.newBuilder()
                .setModelName(MODEL)
                .addInputs(InferInputTensor.newBuilder()
                        .setName("image")
                        .setDatatype("BYTES")
                        .addShape(pictures)
                        .addShape(1));
    }

    private static ModelInferResponse answer(ModelInferRequest.Builder request) throws Exception {
        Reply reply = caller.call("ModelInfer", RawCaller.frame(request.build()));
        assertThat(reply.status()).as(reply.message()).isEqualTo(OK);
        return ModelInferResponse.parseFrom(reply.body());
    }

    private static ByteString behindLengths(byte[]... strings) {
        ByteString all = ByteString.EMPTY;
        for (byte[] string : strings) {
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            all = all.concat(ByteString.copyFrom(length.putInt(0, string.length)))
                    .concat(ByteString.copyFrom(string));
        }
        return all;
    }
}
