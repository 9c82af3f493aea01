package io.hemline.serving.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.access.Admittance;
import io.hemline.serving.access.Gate;
import io.hemline.serving.access.TlsConfig;
import io.hemline.serving.http.ConnectionConfig;
import io.hemline.serving.http.Http2Limits;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.protocol.CheckedModels;
import io.hemline.serving.protocol.ServerIdentity;
import io.hemline.serving.protocol.grpc.testing.RawCaller;
import io.hemline.serving.protocol.grpc.wire.ServerLiveRequest;
import io.hemline.serving.protocol.testing.FakeTensorModels;
import io.hemline.serving.testing.House;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one connection of HTTP/2 may cost, and how many there may be. */
class GrpcLimitsTest {

    private static final int MAX_CONNECTIONS = 2;
    private static final int MAX_HEADER = 4096;
    private static final int SETTINGS = 4;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private GrpcDoor door;
    private int port;

    @BeforeEach
    void open() {
        HttpConfig usual = HttpConfig.defaults();
        ConnectionConfig few = new ConnectionConfig(
                MAX_CONNECTIONS, MAX_HEADER, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
        door = new GrpcDoor(
                vertx,
                new GrpcConfig(0),
                new HttpConfig(
                        usual.host(),
                        0,
                        usual.maxBody(),
                        usual.maxBodies(),
                        usual.maxItems(),
                        usual.maxImage(),
                        usual.requestTimeout(),
                        usual.shutdownGrace(),
                        "",
                        few,
                        TlsConfig.defaults()),
                Admittance.unlimited(Gate.OPEN),
                new CheckedModels(new FakeTensorModels(), 64, 5_000_000),
                () -> true,
                ServerIdentity.grpc("0.1.0"),
                meters);
        port = RawCaller.await(door.open());
    }

    @AfterEach
    void close() {
        RawCaller.await(door.drain(Duration.ofSeconds(1)));
        RawCaller.await(vertx.close());
    }

    @Test
    void tellsEachCallerHowManyStreamsAndWhatHeadersItTakes() {
        try (RawCaller caller = new RawCaller(port)) {
            Http2Settings told = RawCaller.await(caller.open("/grpc.health.v1.Health/Check", question()))
                    .request()
                    .connection()
                    .remoteSettings();

            assertThat(told.getMaxConcurrentStreams()).isEqualTo(Http2Limits.MAX_STREAMS);
            assertThat(told.getMaxHeaderListSize()).isEqualTo(MAX_HEADER);
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
            House.until("the others are gone", () -> connections() == 1);
            try (RawCaller fourth = new RawCaller(port)) {
                assertThat(isAnswered(fourth)).isTrue();
            }
        }
    }

    @Test
    void refusesHeadersOverTheLimitAlsoFromCallersThatDoNotListen() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(frame(SETTINGS, 0, 0, Buffer.buffer()));
            out.write(frame(HEADERS, 1, 1, request().appendBuffer(literal("x-one", 3000))));
            out.write(frame(CONTINUATION, 4, 1, literal("x-two", 3000)));
            out.flush();

            assertThat(endOfStream(new DataInputStream(socket.getInputStream())))
                    .isTrue();
        }
        try (RawCaller caller = new RawCaller(port)) {
            assertThat(isAnswered(caller)).isTrue();
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

    /** Whether the server ends stream 1, or hangs up, before it is silent for long. */
    private static boolean endOfStream(DataInputStream in) throws Exception {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.readInt();
            in.readNBytes(length);
            boolean answered = type == HEADERS && (flags & 1) != 0;
            if (type == GOAWAY || type == RST_STREAM || answered) {
                return true;
            }
        }
    }

    private static byte[] frame(int type, int flags, int stream, Buffer payload) {
        return Buffer.buffer()
                .appendUnsignedByte((short) 0)
                .appendUnsignedShort(payload.length())
                .appendUnsignedByte((short) type)
                .appendUnsignedByte((short) flags)
                .appendInt(stream)
                .appendBuffer(payload)
                .getBytes();
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
