package io.hemline.serving.oip.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import io.hemline.serving.oip.grpc.testing.RawCaller;
import io.hemline.serving.oip.grpc.testing.RawCaller.Reply;
import io.hemline.serving.oip.grpc.wire.InferTensorContents;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest.InferInputTensor;
import io.hemline.serving.oip.testing.FakeTensorModels;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random and spoilt messages over gRPC: each call ends, and never with a status that blames the server. */
class StrangeCallsTest {

    private static final long SEED = 20_261_124;
    private static final int ROUNDS = 600;
    private static final int UNKNOWN = 2;
    private static final int INTERNAL = 13;
    private static final List<String> METHODS = List.of(
            "ModelInfer", "ModelInfer", "ModelInfer", "ModelMetadata", "ModelReady", "RepositoryIndex", "ServerReady");

    private static final Vertx VERTX = Vertx.vertx();
    private static RawCaller caller;

    @BeforeAll
    static void open() {
        GrpcListener door = new GrpcListener(
                VERTX,
                new GrpcConfig(0),
                HttpConfig.defaults(),
                AccessPolicy.unlimited(Authenticator.NONE),
                new CheckedModels(new FakeTensorModels(), 64, 5_000_000),
                () -> true,
                ServerIdentity.grpc("0.1.0"),
                new SimpleMeterRegistry());
        caller = new RawCaller(RawCaller.await(door.open()));
    }

    @AfterAll
    static void close() {
        caller.close();
        RawCaller.await(VERTX.close());
    }

    @Test
    void endsCallsWithRandomMessages() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = new byte[random.nextInt(100)];
            random.nextBytes(message);
            assertEnded(random, message);
        }
    }

    @Test
    void endsCallsWithSpoiltMessages() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = random.nextInt(3) == 0 ? pictures(random) : valid(random);
            for (int spoils = random.nextInt(4); spoils > 0; spoils--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            assertEnded(random, message);
        }
    }

    private static byte[] valid(Random random) {
        InferTensorContents floats = InferTensorContents.newBuilder()
                .addFp32Contents(1)
                .addFp32Contents(2)
                .build();
        InferTensorContents truth =
                InferTensorContents.newBuilder().addBoolContents(true).build();
        return ModelInferRequest.newBuilder()
                .setModelName("trend")
                .setId("r")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(random.nextInt(5) == 0 ? random.nextLong() : 1)
                        .addShape(2)
                        .setContents(floats))
                .addInputs(InferInputTensor.newBuilder()
                        .setName("keep")
                        .setDatatype("BOOL")
                        .addShape(1)
                        .setContents(truth))
                .build()
                .toByteArray();
    }

    private static byte[] pictures(Random random) {
        InferInputTensor.Builder pixels = InferInputTensor.newBuilder()
                .setName("pixels")
                .setDatatype("BYTES")
                .addShape(1 + random.nextInt(2));
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("picture");
        ByteString string = ByteString.copyFrom(new byte[] {2, 0, 0, 0, 7, 8});
        return random.nextBoolean()
                ? request.addInputs(pixels).addRawInputContents(string).build().toByteArray()
                : request.addInputs(pixels.setContents(
                                InferTensorContents.newBuilder().addBytesContents(string)))
                        .build()
                        .toByteArray();
    }

    private static void assertEnded(Random random, byte[] message) {
        String method = METHODS.get(random.nextInt(METHODS.size()));

        Reply reply = caller.call(method, RawCaller.frame(false, message.length, message));

        assertThat(reply.status())
                .as(method + " " + java.util.HexFormat.of().formatHex(message))
                .isNotIn(-1, UNKNOWN, INTERNAL);
    }
}
