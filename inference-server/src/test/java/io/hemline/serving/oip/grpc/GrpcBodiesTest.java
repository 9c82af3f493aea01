package io.hemline.serving.oip.grpc;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import io.hemline.serving.oip.grpc.testing.RawCaller;
import io.hemline.serving.oip.grpc.testing.RawCaller.Reply;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest.InferInputTensor;
import io.hemline.serving.oip.testing.FakeTensorModels;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listener with room for 10,000 bytes of messages. */
class GrpcBodiesTest {

    private static final String SERVICE = "/inference.GRPCInferenceService/";
    private static final int UNAVAILABLE = 14;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int ROOM = 10_000;

    private final FakeTensorModels models = new FakeTensorModels();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    private GrpcListener listener;
    private int port;
    private RawCaller caller;

    @BeforeEach
    void open() {
        HttpConfig http = changed(
                HttpConfig.defaults(),
                Map.of(
                        "maxBody",
                        ROOM,
                        "maxBodies",
                        (long) ROOM,
                        "maxImage",
                        1000,
                        "requestTimeout",
                        Duration.ofMinutes(1)));
        listener = new GrpcListener(
                vertx,
                new GrpcConfig(0),
                http,
                AccessPolicy.unlimited(Authenticator.NONE),
                new CheckedModels(models, 64, 1000),
                () -> true,
                ServerIdentity.grpc("0.1.0"),
                meters);
        port = RawCaller.await(listener.open());
        caller = new RawCaller(port);
    }

    @AfterEach
    void close() {
        RawCaller.await(listener.drain(Duration.ofSeconds(1)));
        caller.close();
        RawCaller.await(vertx.close());
    }

    @Test
    void countsAMessageWhileItArrives() throws Exception {
        HttpClientRequest slow = begin("ModelInfer", ROOM - 10);
        TestServer.until("the slow message is held", () -> held() == ROOM - 10);

        Reply refused = caller.call("ModelInfer", RawCaller.frame(question()));

        assertThat(refused.status()).isEqualTo(UNAVAILABLE);
        assertThat(refused.message()).contains("http.max-bodies");
        assertThat(held()).isEqualTo(ROOM - 10);
        RawCaller.await(slow.reset(8));
        TestServer.until("a caller that left holds nothing", () -> held() == 0);
        assertThat(caller.call("ModelInfer", RawCaller.frame(question())).status())
                .isZero();
        TestServer.until("nothing is held", () -> held() == 0);
    }

    @Test
    void givesBackWhatCameForAMethodThatThereIsNot() throws Exception {
        HttpClientRequest strange = begin("ModelDream", 100);

        RawCaller.await(strange.write(Buffer.buffer(new byte[200])));
        TestServer.until("nothing is held", () -> held() == 0);
    }

    @Test
    void countsACompressedMessageAtTheLargestSizeUntilWorkOnItEnds() {
        models.hang();
        byte[] packed = gzip(question().toByteArray());

        Reply late = caller.call(
                "ModelInfer",
                RawCaller.frame(true, packed.length, packed),
                "grpc-encoding",
                "gzip",
                "grpc-timeout",
                "50m");

        assertThat(late.status()).isEqualTo(DEADLINE_EXCEEDED);
        assertThat(held()).isEqualTo(ROOM);
    }

    /** A call with an incomplete message. */
    private HttpClientRequest begin(String method, int bytes) {
        return RawCaller.await(client.request(HttpMethod.POST, port, "127.0.0.1", SERVICE + method)
                .compose(request -> {
                    request.setChunked(true).putHeader("Content-Type", "application/grpc");
                    Buffer frame = RawCaller.frame(false, ROOM - 5, new byte[bytes - 5]);
                    return request.write(frame).map(request);
                }));
    }

    private double held() {
        return meters.get("grpc.bodies.bytes").gauge().value();
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var zipped = new GZIPOutputStream(out)) {
            zipped.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static ModelInferRequest question() {
        byte[] floats = new byte[8];
        return ModelInferRequest.newBuilder()
                .setModelName(FakeTensorModels.NAME)
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(1)
                        .addShape(2))
                .addInputs(InferInputTensor.newBuilder()
                        .setName("keep")
                        .setDatatype("BOOL")
                        .addShape(1))
                .addRawInputContents(ByteString.copyFrom(floats))
                .addRawInputContents(ByteString.copyFrom(new byte[] {1}))
                .build();
    }
}
