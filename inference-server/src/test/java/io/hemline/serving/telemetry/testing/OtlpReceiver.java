package io.hemline.serving.telemetry.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP/HTTP receiver of spans. It reads the fields of opentelemetry-proto 1.x ({@code trace_service.proto}, {@code
 * trace.proto}) by number and shares no code with the exporter.
 *
 * <p>Thread-safe: the list of spans is concurrent.
 */
public final class OtlpReceiver implements AutoCloseable {

    private static final int RESOURCE_SPANS = 1;
    private static final int RESOURCE = 1;
    private static final int SCOPE_SPANS = 2;
    private static final int SPANS = 2;
    private static final int OK = 200;

    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    /** Listens on a free port. */
    public static OtlpReceiver open() throws IOException {
        OtlpReceiver receiver =
                new OtlpReceiver(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        receiver.server.createContext("/v1/traces", receiver::receive);
        receiver.server.start();
        return receiver;
    }

    /** The URL that spans are posted to. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** The spans received so far. */
    public List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    private void receive(HttpExchange exchange) throws IOException {
        boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream plain = exchange.getRequestBody();
                InputStream body = packed ? new GZIPInputStream(plain) : plain) {
            UnknownFieldSet request = UnknownFieldSet.parseFrom(body.readAllBytes());
            for (UnknownFieldSet resource : messages(request, RESOURCE_SPANS)) {
                Map<String, String> attributes =
                        attributes(messages(resource, RESOURCE).get(0), 1);
                for (UnknownFieldSet scope : messages(resource, SCOPE_SPANS)) {
                    messages(scope, SPANS).forEach(span -> spans.add(span(span, attributes)));
                }
            }
        }
        // An empty ExportTraceServiceResponse reports no rejected spans.
        exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(OK, -1);
        exchange.close();
    }

    private static ReceivedSpan span(UnknownFieldSet span, Map<String, String> resource) {
        return new ReceivedSpan(
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                text(span, 5),
                span.getField(7).getFixed64List().get(0),
                span.getField(8).getFixed64List().get(0),
                attributes(span, 9),
                resource);
    }

    /** Attributes with strings and numbers as values, the numbers as text. */
    private static Map<String, String> attributes(UnknownFieldSet message, int number) {
        Map<String, String> attributes = new TreeMap<>();
        for (UnknownFieldSet pair : messages(message, number)) {
            UnknownFieldSet value = messages(pair, 2).get(0);
            List<Long> whole = value.getField(3).getVarintList();
            attributes.put(
                    text(pair, 1),
                    whole.isEmpty() ? text(value, 1) : whole.get(0).toString());
        }
        return attributes;
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet message, int number) {
        return field(message, number).stream().map(OtlpReceiver::parsed).toList();
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("not protobuf", e);
        }
    }

    private static String text(UnknownFieldSet message, int number) {
        return field(message, number).get(0).toStringUtf8();
    }

    private static String hex(UnknownFieldSet message, int number) {
        List<ByteString> values = field(message, number);
        return values.isEmpty() ? "" : HexFormat.of().formatHex(values.get(0).toByteArray());
    }

    private static List<ByteString> field(UnknownFieldSet message, int number) {
        Field field = message.getField(number);
        return field.getLengthDelimitedList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /**
     * A span as received.
     *
     * @param parentId empty for the root of a trace
     * @param start nanoseconds since 1970
     * @param end nanoseconds since 1970
     * @param resource attributes of the sender
     */
    public record ReceivedSpan(
            String traceId,
            String spanId,
            String parentId,
            String name,
            long start,
            long end,
            Map<String, String> attributes,
            Map<String, String> resource) {}
}
