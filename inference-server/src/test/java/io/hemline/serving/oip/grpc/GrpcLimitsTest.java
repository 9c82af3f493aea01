package io.hemline.serving.oip.grpc;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.http.ConnectionConfig;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.testing.RawHttp2;
import io.hemline.serving.http.testing.RawHttp2.Frame;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import io.hemline.serving.oip.grpc.testing.RawCaller;
import io.hemline.serving.oip.grpc.wire.ServerLiveRequest;
import io.hemline.serving.oip.testing.FakeTensorModels;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one connection of HTTP/2 may cost, and how many there may be. */
class GrpcLimitsTest {

    private static final int MAX_CONNECTIONS = 2;
    private static final int MAX_HEADER = 4096;
    private static final int FLOOD = 20_000;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private GrpcListener listener;
    private int port;

    @BeforeEach
    void open() {
        ConnectionConfig few = new ConnectionConfig(
                MAX_CONNECTIONS, MAX_HEADER, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
        listener = new GrpcListener(
                vertx,
                new GrpcConfig(0),
                changed(HttpConfig.defaults(), Map.of("port", 0, "connections", few)),
                AccessPolicy.unlimited(Authenticator.NONE),
                new CheckedModels(new FakeTensorModels(), 64, 5_000_000),
                () -> true,
                ServerIdentity.grpc("0.1.0"),
                meters);
        port = RawCaller.await(listener.open());
    }

    @AfterEach
    void close() {
        RawCaller.await(listener.drain(Duration.ofSeconds(1)));
        RawCaller.await(vertx.close());
    }

    @Test
    void announcesItsLimitsOfStreamsAndHeaders() {
        try (RawCaller caller = new RawCaller(port)) {
            Http2Settings settings = RawCaller.await(
                            caller.start("/grpc.health.v1.Health/Check", question(), Future::succeededFuture))
                    .request()
                    .connection()
                    .remoteSettings();

            assertThat(settings.getMaxConcurrentStreams()).isEqualTo(ConnectionConfig.MAX_STREAMS);
            assertThat(settings.getMaxHeaderListSize()).isEqualTo(MAX_HEADER);
        }
    }

    @Test
    void turnsAwayConnectionsThatAreTooManyAndTakesOthersOnceTheseAreGone() throws Exception {
        try (RawCaller first = new RawCaller(port)) {
            assertThat(isAnswered(first)).isTrue();
            try (RawCaller second = new RawCaller(port);
                    RawCaller third = new RawCaller(port)) {
                assertThat(isAnswered(second)).isTrue();

                assertThatThrownBy(() -> isAnswered(third)).isInstanceOf(AssertionError.class);
                assertThat(isAnswered(first)).isTrue();
                assertThat(meters.counter("http.connections.refused", "listener", "grpc", "reason", "too-many")
                                .count())
                        .isPositive();
            }
            TestServer.until("the others are gone", () -> connections() == 1);
            try (RawCaller fourth = new RawCaller(port)) {
                assertThat(isAnswered(fourth)).isTrue();
            }
        }
    }

    @Test
    void refusesHeadersOverTheLimitThoughTheClientIgnoresTheSetting() throws Exception {
        try (RawHttp2 deaf = RawHttp2.inClear(port)) {
            deaf.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, request().appendBuffer(literal("x-one", 3000)));
            deaf.send(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, 1, literal("x-two", 3000));
            deaf.flush();

            assertThat(isEndOfStream(deaf)).isTrue();
        }
        try (RawCaller caller = new RawCaller(port)) {
            assertThat(isAnswered(caller)).isTrue();
        }
    }

    @Test
    void closesAConnectionOfRapidResetsWithoutHarmToOthers() throws Exception {
        try (RawCaller neighbour = new RawCaller(port)) {
            assertThat(isAnswered(neighbour)).isTrue();
            try (RawHttp2 flood = RawHttp2.inClear(port)) {
                flood.acknowledge();
                Thread writer = new Thread(() -> flood.requestAndReset("/", FLOOD));
                writer.start();
                for (int i = 0; i < 50; i++) {
                    assertThat(isAnswered(neighbour)).isTrue();
                }

                assertThat(flood.goaway()).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
                writer.join(10_000);
                assertThat(writer.isAlive()).isFalse();
            }
            assertThat(isAnswered(neighbour)).isTrue();
        }
    }

    private static boolean isAnswered(RawCaller caller) {
        return caller.call("ServerLive", question()).status() == 0;
    }

    private static Buffer question() {
        return RawCaller.frame(ServerLiveRequest.getDefaultInstance());
    }

    private double connections() {
        return meters.get("http.connections").tag("listener", "grpc").gauge().value();
    }

    /** Whether the server ends stream 1 or closes the connection within the time limit. */
    private static boolean isEndOfStream(RawHttp2 caller) throws Exception {
        while (true) {
            Frame frame = caller.read();
            boolean answered = frame.type() == RawHttp2.HEADERS && (frame.flags() & RawHttp2.END_STREAM) != 0;
            if (frame.type() == RawHttp2.GOAWAY || frame.type() == RawHttp2.RST_STREAM || answered) {
                return true;
            }
        }
    }

    /** {@code :method POST}, {@code :scheme http}, {@code :path /}, all from HPACK's own table. */
    private static Buffer request() {
        return Buffer.buffer(new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0x84});
    }

    /** A header that HPACK writes out, with a value of so many letters. */
    private static Buffer literal(String name, int length) {
        Buffer field = Buffer.buffer()
                .appendByte((byte) 0)
                .appendByte((byte) name.length())
                .appendString(name)
                .appendByte((byte) 127);
        int rest = length - 127;
        while (rest >= 128) {
            field.appendByte((byte) (rest % 128 + 128));
            rest /= 128;
        }
        return field.appendByte((byte) rest).appendString("y".repeat(length));
    }
}
