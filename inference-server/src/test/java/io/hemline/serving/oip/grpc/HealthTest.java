package io.hemline.serving.oip.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import io.hemline.serving.oip.grpc.testing.RawCaller;
import io.hemline.serving.oip.grpc.wire.HealthCheckRequest;
import io.hemline.serving.oip.grpc.wire.HealthCheckResponse;
import io.hemline.serving.oip.grpc.wire.HealthCheckResponse.ServingStatus;
import io.hemline.serving.oip.testing.FakeTensorModels;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {

    private static final String CHECK = "/grpc.health.v1.Health/Check";
    private static final String WATCH = "/grpc.health.v1.Health/Watch";
    private static final String INFERENCE = "inference.GRPCInferenceService";
    private static final int FRAME = 5;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private volatile boolean ready = true;
    private GrpcListener door;
    private RawCaller caller;

    @BeforeEach
    void open() {
        HttpConfig http = HttpConfig.defaults();
        door = new GrpcListener(
                vertx,
                new GrpcConfig(0),
                http,
                AccessPolicy.unlimited(Authenticator.NONE),
                new CheckedModels(new FakeTensorModels(), 64, 5_000_000),
                () -> ready,
                ServerIdentity.grpc("0.1.0"),
                meters);
        caller = new RawCaller(RawCaller.await(door.open()));
    }

    @AfterEach
    void close() {
        RawCaller.await(door.drain(Duration.ofSeconds(1)));
        caller.close();
        RawCaller.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", INFERENCE})
    void servesWhileAModelIsLive(String service) throws Exception {
        assertThat(check(service)).isEqualTo(ServingStatus.SERVING);

        ready = false;

        assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void knowsNoOtherService() throws Exception {
        Future<Integer> checked = caller.start(CHECK, asked("shop.Carts"), HealthTest::end);
        BlockingQueue<ServingStatus> watched = new LinkedBlockingQueue<>();
        watch("shop.Carts", watched);

        assertThat(RawCaller.await(checked)).isEqualTo(5);
        assertThat(watched.poll(15, TimeUnit.SECONDS)).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    }

    @Test
    void sendsTheStatusAtOnceAndAtEveryChange() throws Exception {
        BlockingQueue<ServingStatus> watched = new LinkedBlockingQueue<>();

        HttpClientResponse watching = watch("", watched);
        assertThat(watched.poll(15, TimeUnit.SECONDS)).isEqualTo(ServingStatus.SERVING);
        ready = false;
        assertThat(next(watched, ServingStatus.SERVING)).isEqualTo(ServingStatus.NOT_SERVING);
        ready = true;
        assertThat(next(watched, ServingStatus.NOT_SERVING)).isEqualTo(ServingStatus.SERVING);
        assertThat(watchers()).isEqualTo(1);

        watching.request().reset(8);

        TestServer.until("nobody watches", () -> watchers() == 0);
    }

    @Test
    void endsWatchesWhenTheListenerCloses() throws Exception {
        BlockingQueue<ServingStatus> watched = new LinkedBlockingQueue<>();
        HttpClientResponse watching = watch(INFERENCE, watched);
        Future<Integer> status = end(watching);
        assertThat(watched.poll(15, TimeUnit.SECONDS)).isEqualTo(ServingStatus.SERVING);

        RawCaller.await(door.drain(Duration.ofSeconds(10)));

        assertThat(next(watched, ServingStatus.SERVING)).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(RawCaller.await(status)).isEqualTo(14);
        assertThat(watchers()).isZero();
    }

    @Test
    void refusesAWatchWithoutAMessage() {
        Buffer noise = RawCaller.frame(false, 3, new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF});

        assertThat(RawCaller.await(caller.start(WATCH, noise, HealthTest::end))).isEqualTo(3);
        assertThat(RawCaller.await(caller.start(WATCH, Buffer.buffer(), HealthTest::end)))
                .isEqualTo(3);
        assertThat(watchers()).isZero();
    }

    private ServingStatus check(String service) throws Exception {
        Buffer body = RawCaller.await(caller.start(CHECK, asked(service), HttpClientResponse::body));
        return HealthCheckResponse.parseFrom(body.getBytes(FRAME, body.length()))
                .getStatus();
    }

    /** Watches; each frame of an answer is one status. */
    private HttpClientResponse watch(String service, BlockingQueue<ServingStatus> watched) {
        return RawCaller.await(caller.start(
                WATCH,
                asked(service),
                response -> Future.succeededFuture(response.handler(chunk -> {
                    for (int at = 0; at < chunk.length(); at += FRAME + chunk.getInt(at + 1)) {
                        int from = at + FRAME;
                        watched.add(status(chunk.getBytes(from, from + chunk.getInt(at + 1))));
                    }
                }))));
    }

    /** What is said after a status that may be said more than once. */
    private static @Nullable ServingStatus next(BlockingQueue<ServingStatus> watched, ServingStatus before)
            throws InterruptedException {
        ServingStatus next = watched.poll(15, TimeUnit.SECONDS);
        while (next == before) {
            next = watched.poll(15, TimeUnit.SECONDS);
        }
        return next;
    }

    private static ServingStatus status(byte[] message) {
        try {
            return HealthCheckResponse.parseFrom(message).getStatus();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The number of the status that ends the call. */
    private static Future<Integer> end(HttpClientResponse response) {
        String early = response.getHeader("grpc-status");
        if (early != null) {
            return Future.succeededFuture(Integer.parseInt(early));
        }
        Promise<Integer> ended = Promise.promise();
        response.endHandler(end -> ended.complete(Integer.parseInt(response.getTrailer("grpc-status"))));
        return ended.future();
    }

    private static Buffer asked(String service) {
        return RawCaller.frame(
                HealthCheckRequest.newBuilder().setService(service).build());
    }

    private double watchers() {
        return meters.get("grpc.health.watching").gauge().value();
    }
}
