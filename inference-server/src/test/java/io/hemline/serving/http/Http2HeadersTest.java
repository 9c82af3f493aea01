package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.RawHttp2;
import io.hemline.serving.http.testing.RawHttp2.Frame;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.security.TlsCertificate.TlsConfig;
import io.hemline.serving.security.testing.Certificate;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 requests with malformed headers, and other requests of the same connection. */
class Http2HeadersTest {

    private static final String PATH = "/health/live";

    private static Certificate certificate;
    private static TestListener listener;

    @BeforeAll
    static void open(@TempDir Path folder) {
        certificate = Certificate.make(folder, "one");
        TlsConfig tls = new TlsConfig(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        certificate.writeCertificate(tls.certFile());
        certificate.writeKey(tls.keyFile());
        listener = TestListener.open(changed(TestListener.defaults(), Map.of("tls", tls)));
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "x-a|b\\r\\nc: d",
                "x-a|b\\nc",
                "x-a|b\\rc",
                "x-a|b\\0c",
                "x-a|' b'",
                "x-a|'b '",
                "x-a|b\\u0001",
                "x a|b",
                "x:a|b",
                "x\\r\\na|b",
                "X-A|b",
                "''|b",
                ":method|'GE T'",
                ":method|GET\\r\\n",
                ":method|GET",
                ":method|''",
                ":path|/a b",
                ":path|/health/live",
                ":path|/a\\r\\nb",
                ":scheme|ht tp",
                ":authority|a b",
                ":authority|x:abc",
                ":authority|x@y",
                ":status|200",
                ":other|x",
                "connection|close",
                "te|gzip"
            },
            delimiter = '|')
    void endsTheStreamAndLeavesItsNeighboursAlone(String name, String value) throws IOException {
        try (RawHttp2 caller = connect()) {
            caller.get(1, PATH);
            caller.send(
                    RawHttp2.HEADERS,
                    RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                    3,
                    request(unescaped(name), unescaped(value)));
            caller.get(5, PATH);
            caller.flush();

            int answered = 0;
            boolean reset = false;
            while (answered < 2 || !reset) {
                Frame frame = caller.read();
                assertThat(frame.type()).as(frame.toString()).isNotEqualTo(RawHttp2.GOAWAY);
                if (frame.type() == RawHttp2.RST_STREAM) {
                    assertThat(frame.stream()).isEqualTo(3);
                    assertThat(frame.error()).isEqualTo(RawHttp2.PROTOCOL_ERROR);
                    reset = true;
                } else if (frame.type() == RawHttp2.HEADERS) {
                    assertThat(frame.stream()).isNotEqualTo(3);
                    assertThat(caller.status(frame)).isEqualTo(200);
                    answered++;
                }
            }
        }
    }

    @Test
    void takesHeadersAsTheyShouldBe() throws IOException {
        try (RawHttp2 caller = connect()) {
            caller.send(
                    RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, request("x-a", "b\tc d \u00e9"));
            caller.send(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 3, request("x-a", ""));
            caller.flush();

            for (int answered = 0; answered < 2; ) {
                Frame frame = caller.read();
                assertThat(frame.type()).isNotIn(RawHttp2.RST_STREAM, RawHttp2.GOAWAY);
                if (frame.type() == RawHttp2.HEADERS) {
                    assertThat(caller.status(frame)).isEqualTo(200);
                    answered++;
                }
            }
        }
    }

    /** A request with a header more; a pseudo-header comes among the first, instead of its like or as a second one. */
    private static Buffer request(String name, String value) {
        Buffer block = Buffer.buffer();
        boolean repeats = value.equals("GET") || value.equals(PATH);
        if (!name.equals(":method") || repeats) {
            append(block, ":method", "GET");
        }
        if (!name.equals(":scheme")) {
            append(block, ":scheme", "https");
        }
        if (!name.equals(":authority")) {
            append(block, ":authority", "x");
        }
        if (!name.equals(":path") || repeats) {
            append(block, ":path", PATH);
        }
        append(block, name, value);
        return block;
    }

    /** Literal, without indexing and without Huffman coding (RFC 7541, section 6.2.2). */
    private static void append(Buffer block, String name, String value) {
        byte[] nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] valueBytes = value.getBytes(StandardCharsets.ISO_8859_1);
        block.appendByte((byte) 0)
                .appendByte((byte) nameBytes.length)
                .appendBytes(nameBytes)
                .appendByte((byte) valueBytes.length)
                .appendBytes(valueBytes);
    }

    private static String unescaped(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .replace("\\u0001", "\u0001");
    }

    private static RawHttp2 connect() throws IOException {
        SSLSocket socket =
                (SSLSocket) certificate.trust().getSocketFactory().createSocket("127.0.0.1", listener.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        return new RawHttp2(socket);
    }
}
