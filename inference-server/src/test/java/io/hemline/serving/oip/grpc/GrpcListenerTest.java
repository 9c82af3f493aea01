package io.hemline.serving.oip.grpc;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import io.hemline.serving.oip.grpc.testing.RawCaller;
import io.hemline.serving.oip.grpc.testing.RawCaller.Reply;
import io.hemline.serving.oip.grpc.wire.InferTensorContents;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest.InferInputTensor;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import io.hemline.serving.oip.grpc.wire.ModelInferResponse;
import io.hemline.serving.oip.grpc.wire.ModelMetadataRequest;
import io.hemline.serving.oip.grpc.wire.ModelMetadataResponse;
import io.hemline.serving.oip.grpc.wire.ModelReadyRequest;
import io.hemline.serving.oip.grpc.wire.ModelReadyResponse;
import io.hemline.serving.oip.grpc.wire.RepositoryIndexRequest;
import io.hemline.serving.oip.grpc.wire.RepositoryIndexResponse;
import io.hemline.serving.oip.grpc.wire.ServerLiveRequest;
import io.hemline.serving.oip.grpc.wire.ServerLiveResponse;
import io.hemline.serving.oip.grpc.wire.ServerMetadataRequest;
import io.hemline.serving.oip.grpc.wire.ServerMetadataResponse;
import io.hemline.serving.oip.grpc.wire.ServerReadyRequest;
import io.hemline.serving.oip.grpc.wire.ServerReadyResponse;
import io.hemline.serving.oip.testing.FakeTensorModels;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.security.Quotas.QuotaConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcListenerTest {

    private static final int MAX_BODY = 100_000;
    private static final int OK = 0;
    private static final int INVALID_ARGUMENT = 3;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int NOT_FOUND = 5;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;

    private final FakeTensorModels models = new FakeTensorModels();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private volatile boolean ready = true;
    private final Authenticator gate = Authenticator.NONE;
    private GrpcListener listener;
    private RawCaller caller;

    @BeforeEach
    void open() {
        HttpConfig http = changed(HttpConfig.defaults(), Map.of("port", 0, "maxBody", MAX_BODY, "maxImage", MAX_BODY));
        listener = new GrpcListener(
                vertx,
                new GrpcConfig(0),
                http,
                AccessPolicy.unlimited(gate),
                new CheckedModels(models, 64, 5_000_000),
                () -> ready,
                ServerIdentity.grpc("0.1.0"),
                meters);
        caller = new RawCaller(RawCaller.await(listener.open()));
    }

    @AfterEach
    void close() {
        RawCaller.await(listener.drain(Duration.ofSeconds(1)));
        caller.close();
        RawCaller.await(vertx.close());
    }

    @Test
    void answersServerMetadata() throws Exception {
        Reply server = caller.call("ServerMetadata", RawCaller.frame(ServerMetadataRequest.getDefaultInstance()));
        Reply live = caller.call("ServerLive", RawCaller.frame(ServerLiveRequest.getDefaultInstance()));
        Reply ready = caller.call("ServerReady", RawCaller.frame(ServerReadyRequest.getDefaultInstance()));

        ServerMetadataResponse metadata = ServerMetadataResponse.parseFrom(server.body());
        assertThat(metadata.getName()).isEqualTo("hemline");
        assertThat(metadata.getVersion()).isEqualTo("0.1.0");
        assertThat(metadata.getExtensionsList()).containsExactly("model_repository");
        assertThat(ServerLiveResponse.parseFrom(live.body()).getLive()).isTrue();
        assertThat(ServerReadyResponse.parseFrom(ready.body()).getReady()).isTrue();
    }

    @Test
    void isCalledByItsOwnNamesAlone() {
        Buffer asked = RawCaller.frame(ServerLiveRequest.getDefaultInstance());

        Reply foreign = caller.call("ServerLive", asked, ":authority", "evil.example:8082");
        Reply own = caller.call("ServerLive", asked, ":authority", "localhost:8082");

        assertThat(foreign.status()).isEqualTo(PERMISSION_DENIED);
        assertThat(foreign.message()).contains("http.allowed-hosts");
        assertThat(own.status()).isEqualTo(OK);
    }

    @Test
    void isNotReadyWithoutALiveVersion() throws Exception {
        ready = false;
        models.die();

        Reply server = caller.call("ServerReady", RawCaller.frame(ServerReadyRequest.getDefaultInstance()));
        Reply model = modelReady("trend", "");

        assertThat(server.status()).isEqualTo(OK);
        assertThat(ServerReadyResponse.parseFrom(server.body()).getReady()).isFalse();
        assertThat(model.status()).isEqualTo(OK);
        assertThat(ModelReadyResponse.parseFrom(model.body()).getReady()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"trend,'',true", "trend,7,true", "trend,6,false", "nothing,'',false"})
    void knowsTheLiveVersionOnly(String model, String version, boolean live) throws Exception {
        assertThat(ModelReadyResponse.parseFrom(modelReady(model, version).body())
                        .getReady())
                .isEqualTo(live);
        assertThat(describe(model, version).status()).isEqualTo(live ? OK : NOT_FOUND);
    }

    @Test
    void answersModelMetadata() throws Exception {
        ModelMetadataResponse metadata =
                ModelMetadataResponse.parseFrom(describe("trend", "").body());

        assertThat(metadata.getVersionsList()).containsExactly("7");
        assertThat(metadata.getPlatform()).isEqualTo("onnx_onnxv1");
        assertThat(metadata.getInputs(0).getName()).isEqualTo("x");
        assertThat(metadata.getInputs(0).getDatatype()).isEqualTo("FP32");
        assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 2L);
        assertThat(metadata.getOutputsCount()).isEqualTo(2);
    }

    @Test
    void listsTheVersions() throws Exception {
        RepositoryIndexRequest request =
                RepositoryIndexRequest.newBuilder().setReady(true).build();

        RepositoryIndexResponse index = RepositoryIndexResponse.parseFrom(
                caller.call("RepositoryIndex", RawCaller.frame(request)).body());

        assertThat(index.getModelsList())
                .extracting(entry -> entry.getName() + " " + entry.getVersion() + " " + entry.getState())
                .containsExactly("trend 7 READY");
    }

    @Test
    void infersOnTypedContentsAndAnswersInTheSame() throws Exception {
        ModelInferResponse answer = answer(typed().setId("ä-1").build());

        assertThat(answer.getId()).isEqualTo("ä-1");
        assertThat(answer.getModelName()).isEqualTo("trend");
        assertThat(answer.getModelVersion()).isEqualTo("7");
        assertThat(answer.getOutputs(0).getContents().getFp32ContentsList()).containsExactly(3f, 4f);
        assertThat(answer.getOutputs(1).getContents().getBoolContentsList()).containsExactly(true);
        assertThat(answer.getRawOutputContentsCount()).isZero();
    }

    @Test
    void infersOnRawContentsAndAnswersInTheSame() throws Exception {
        ModelInferResponse answer = answer(raw().build());

        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(1L, 2L);
        assertThat(answer.getOutputs(0).hasContents()).isFalse();
        assertThat(answer.getRawOutputContents(0)).isEqualTo(floats(3, 4));
        assertThat(answer.getRawOutputContents(1)).isEqualTo(ByteString.copyFrom(new byte[] {1}));
    }

    @Test
    void answersTheOutputsThatAreNamed() throws Exception {
        ModelInferResponse answer =
                answer(raw().addOutputs(InferRequestedOutputTensor.newBuilder().setName("flag"))
                        .build());

        assertThat(answer.getOutputsList())
                .extracting(output -> output.getName())
                .containsExactly("flag");
        assertThat(answer.getRawOutputContentsCount()).isEqualTo(1);
    }

    @Test
    void takesAndGivesByteStringsTypedAndRaw() throws Exception {
        InferInputTensor pixels = InferInputTensor.newBuilder()
                .setName("pixels")
                .setDatatype("BYTES")
                .addShape(2)
                .build();
        InferTensorContents strings = InferTensorContents.newBuilder()
                .addBytesContents(ByteString.copyFrom(new byte[] {1, 2, -1}))
                .addBytesContents(ByteString.EMPTY)
                .build();
        ByteString wire = ByteString.copyFrom(new byte[] {3, 0, 0, 0, 1, 2, -1, 0, 0, 0, 0});
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("picture");

        ModelInferResponse typed = answer(request.clone()
                .addInputs(pixels.toBuilder().setContents(strings))
                .build());
        ModelInferResponse raw = answer(
                request.clone().addInputs(pixels).addRawInputContents(wire).build());

        assertThat(typed.getOutputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(typed.getOutputs(0).getContents()).isEqualTo(strings);
        assertThat(raw.getRawOutputContents(0)).isEqualTo(wire);
    }

    static Stream<Arguments> faults() {
        InferInputTensor x = raw().getInputs(0);
        InferInputTensor keep = raw().getInputs(1);
        return Stream.of(
                arguments(raw().clearInputs().clearRawInputContents(), "\"x\" is missing"),
                arguments(raw().clearRawInputContents(), "make 8 bytes, not 0"),
                arguments(raw().addRawInputContents(ByteString.EMPTY), "2 inputs, not 3"),
                arguments(raw().setRawInputContents(0, floats(1)), "make 8 bytes, not 4"),
                arguments(raw().setRawInputContents(0, floats(1, Float.NaN)), "element 1 must be finite, is NaN"),
                arguments(raw().setRawInputContents(1, ByteString.copyFrom(new byte[] {2})), "not 2"),
                arguments(raw().setInputs(0, x.toBuilder().setShape(0, -1)), "not -1"),
                arguments(raw().setInputs(0, x.toBuilder().setShape(0, Long.MAX_VALUE)), "9223372036854775807"),
                arguments(
                        raw().setInputs(0, x.toBuilder().setShape(0, 2147483647).setShape(1, 2147483647)), "2 GB"),
                arguments(raw().setInputs(0, x.toBuilder().setDatatype("BYTES")), "element 0 has 1069547520 bytes"),
                arguments(
                        raw().setInputs(0, x.toBuilder().setDatatype("FP16")),
                        "\"x\": datatype must be one of [FP32, INT64, BOOL, UINT8, BYTES], not FP16"),
                arguments(
                        typed().setInputs(
                                        0,
                                        x.toBuilder()
                                                .setDatatype("BYTES")
                                                .setShape(1, 1)
                                                .setContents(InferTensorContents.newBuilder()
                                                        .addBytesContents(ByteString.EMPTY))),
                        "must be FP32, is BYTES"),
                arguments(raw().setInputs(0, x.toBuilder().setDatatype("INT64").setShape(1, 1)), "must be FP32"),
                arguments(raw().setInputs(0, keep).setRawInputContents(0, ByteString.copyFrom(new byte[1])), "twice"),
                arguments(
                        raw().setInputs(0, x.toBuilder().setContents(InferTensorContents.getDefaultInstance())),
                        "both contents and raw"),
                arguments(
                        raw().addOutputs(InferRequestedOutputTensor.newBuilder().setName("z")), "no output \"z\""));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void saysWhatIsWrong(ModelInferRequest.Builder request, String words) throws Exception {
        Reply reply = caller.call("ModelInfer", RawCaller.frame(request.build()));

        assertThat(reply.status()).isEqualTo(INVALID_ARGUMENT);
        assertThat(reply.message()).contains(words);
        assertThat(answer(raw().build()).getOutputsCount()).isEqualTo(2);
    }

    @Test
    void answersOnItsEventLoopWhereverTheModelDoes() throws Exception {
        models.answerElsewhere();

        assertThat(answer(raw().build()).getOutputsCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"INVALID,3", "OVERLOADED,14", "DEADLINE_EXCEEDED,4", "NO_MODEL,14", "INTERNAL,13"})
    void answersEachFailureWithItsStatus(Failure failure, int status) {
        models.failWith(failure);

        assertThat(caller.call("ModelInfer", RawCaller.frame(raw().build())).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"50m", "900u", "1n"})
    void endsTheCallAtItsDeadline(String timeout) {
        models.hang();

        Reply reply = caller.call("ModelInfer", RawCaller.frame(raw().build()), "grpc-timeout", timeout);

        assertThat(reply.status()).isEqualTo(DEADLINE_EXCEEDED);
    }

    @Test
    void refusesAMessageOverTheLimitWithoutWaitingForItsEnd() throws Exception {
        Reply lying = caller.call("ModelInfer", RawCaller.frame(false, Integer.MAX_VALUE, new byte[10]));
        Reply large = caller.call("ModelInfer", RawCaller.frame(false, MAX_BODY + 1, new byte[MAX_BODY + 1]));

        assertThat(lying.status()).isEqualTo(RESOURCE_EXHAUSTED);
        assertThat(large.status()).isEqualTo(RESOURCE_EXHAUSTED);
        assertThat(large.message()).contains("100000 bytes");
        assertThat(answer(raw().build()).getOutputsCount()).isEqualTo(2);
    }

    @Test
    void unpacksGzipAndNoMoreThanAMessageMayHave() throws Exception {
        byte[] good = gzip(raw().build().toByteArray());
        byte[] bomb = gzip(new byte[50_000_000]);

        Reply unpacked = caller.call("ModelInfer", RawCaller.frame(true, good.length, good), "grpc-encoding", "gzip");
        Reply refused = caller.call("ModelInfer", RawCaller.frame(true, bomb.length, bomb), "grpc-encoding", "gzip");

        assertThat(ModelInferResponse.parseFrom(unpacked.body()).getOutputsCount())
                .isEqualTo(2);
        assertThat(bomb.length).isLessThan(MAX_BODY);
        assertThat(refused.status()).isEqualTo(RESOURCE_EXHAUSTED);
    }

    @Test
    void refusesWhatIsNoMessage() {
        byte[] noise = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF};

        assertThat(caller.call("ModelInfer", RawCaller.frame(false, 3, noise)).status())
                .isEqualTo(INVALID_ARGUMENT);
        assertThat(caller.call("ModelInfer", Buffer.buffer()).status()).isEqualTo(INVALID_ARGUMENT);
        assertThat(caller.call("ModelInfer", RawCaller.frame(true, 3, noise), "grpc-encoding", "br")
                        .status())
                .isEqualTo(UNIMPLEMENTED);
    }

    @Test
    void knowsNoOtherMethod() {
        Reply reply = caller.call("RepositoryModelUnload", RawCaller.frame(ServerLiveRequest.getDefaultInstance()));

        assertThat(reply.status()).isEqualTo(UNIMPLEMENTED);
        assertThat(reply.message()).contains("RepositoryModelUnload");
    }

    @Test
    void lastsThroughAnEndWithoutAnAnswer() {
        models.hang();
        Future<Reply> hanging = caller.start("ModelInfer", RawCaller.frame(raw().build()), "grpc-timeout", "300m");

        Reply reply = RawCaller.await(hanging.compose(
                answered -> listener.drain(Duration.ofSeconds(5)).map(answered)));

        assertThat(reply.status()).isEqualTo(DEADLINE_EXCEEDED);
    }

    @Test
    void timesItsCalls() {
        describe("nothing", "");

        assertThat(meters.get("grpc.request.duration")
                        .tags("method", "ModelMetadata", "status", "NOT_FOUND")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void doesNotListenWhenItIsOff() {
        GrpcListener off = new GrpcListener(
                vertx,
                new GrpcConfig(GrpcConfig.OFF),
                HttpConfig.defaults(),
                AccessPolicy.unlimited(Authenticator.NONE),
                new CheckedModels(models, 64, 5_000_000),
                () -> true,
                ServerIdentity.grpc("0.1.0"),
                meters);

        assertThat(RawCaller.await(off.open())).isEqualTo(GrpcConfig.OFF);
        assertThat(off.drain(Duration.ofSeconds(1)).succeeded()).isTrue();
    }

    @Test
    void refusesAClientThatIsOverItsQuota() {
        HttpConfig http = HttpConfig.defaults();
        GrpcListener counting = new GrpcListener(
                vertx,
                new GrpcConfig(0),
                http,
                new AccessPolicy(gate, Quotas.of(new QuotaConfig(1, Duration.ofHours(1), 10), () -> 0)),
                new CheckedModels(models, 64, 5_000_000),
                () -> true,
                ServerIdentity.grpc("0.1.0"),
                meters);
        try (RawCaller limited = new RawCaller(RawCaller.await(counting.open()))) {
            Reply first = limited.call("ModelInfer", RawCaller.frame(raw().build()));
            Reply second = limited.call("ModelInfer", RawCaller.frame(raw().build()));
            Reply health = limited.call("ServerLive", RawCaller.frame(ServerLiveRequest.getDefaultInstance()));

            assertThat(first.status()).isEqualTo(OK);
            assertThat(second.status()).isEqualTo(RESOURCE_EXHAUSTED);
            assertThat(second.message()).contains("At most 1 requests in 3600 seconds");
            assertThat(health.status()).isEqualTo(OK);
        }
        RawCaller.await(counting.drain(Duration.ofSeconds(1)));
    }

    private Reply modelReady(String model, String version) {
        ModelReadyRequest request = ModelReadyRequest.newBuilder()
                .setName(model)
                .setVersion(version)
                .build();
        return caller.call("ModelReady", RawCaller.frame(request));
    }

    private Reply describe(String model, String version) {
        ModelMetadataRequest request = ModelMetadataRequest.newBuilder()
                .setName(model)
                .setVersion(version)
                .build();
        return caller.call("ModelMetadata", RawCaller.frame(request));
    }

    private ModelInferResponse answer(ModelInferRequest request) throws InvalidProtocolBufferException {
        Reply reply = caller.call("ModelInfer", RawCaller.frame(request));
        assertThat(reply.status()).as(reply.message()).isEqualTo(OK);
        return ModelInferResponse.parseFrom(reply.body());
    }

    private static ModelInferRequest.Builder raw() {
        return ModelInferRequest.newBuilder()
                .setModelName("trend")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(1)
                        .addShape(2))
                .addInputs(InferInputTensor.newBuilder()
                        .setName("keep")
                        .setDatatype("BOOL")
                        .addShape(1))
                .addRawInputContents(floats(1.5f, 2))
                .addRawInputContents(ByteString.copyFrom(new byte[] {1}));
    }

    private static ModelInferRequest.Builder typed() {
        ModelInferRequest.Builder request = raw().clearRawInputContents();
        request.getInputsBuilder(0)
                .setContents(
                        InferTensorContents.newBuilder().addFp32Contents(1.5f).addFp32Contents(2));
        request.getInputsBuilder(1).setContents(InferTensorContents.newBuilder().addBoolContents(true));
        return request;
    }

    private static ByteString floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
