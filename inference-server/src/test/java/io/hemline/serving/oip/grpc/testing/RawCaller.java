package io.hemline.serving.oip.grpc.testing;

import com.google.protobuf.MessageLite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls over HTTP/2, frame by frame, so that frames can be malformed.
 *
 * <p>Thread-safe: as its client is.
 */
public final class RawCaller implements AutoCloseable {

    private static final String SERVICE = "/inference.GRPCInferenceService/";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    private final int port;

    public RawCaller(int port) {
        this.port = port;
    }

    /** A message in its frame. */
    public static Buffer frame(MessageLite message) {
        byte[] bytes = message.toByteArray();
        return frame(false, bytes.length, bytes);
    }

    /** Bytes in a frame with arbitrary flags and length. */
    public static Buffer frame(boolean packed, int length, byte[] bytes) {
        return Buffer.buffer()
                .appendByte((byte) (packed ? 1 : 0))
                .appendInt(length)
                .appendBytes(bytes);
    }

    /** Calls, and waits for the status. */
    public Reply call(String method, Buffer body, String... headers) {
        return await(start(method, body, headers));
    }

    /** Calls. */
    public Future<Reply> start(String method, Buffer body, String... headers) {
        return start(
                SERVICE + method, body, response -> response.body().map(answer -> reply(response, answer)), headers);
    }

    /**
     * Calls a method of any service. The reader is called on the event loop that the answer comes to, before the rest
     * of it: what comes before somebody reads is lost, as it was to tests that began to read on a thread of their
     * own.
     */
    public <T> Future<T> start(
            String path, Buffer body, Function<HttpClientResponse, Future<T>> reader, String... headers) {
        return client.request(HttpMethod.POST, port, "127.0.0.1", path)
                .compose(request -> send(request, body, headers).compose(reader));
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, Buffer body, String... headers) {
        request.putHeader("Content-Type", "application/grpc").putHeader("TE", "trailers");
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals(":authority")) {
                request.authority(HostAndPort.parseAuthority(headers[i + 1], -1));
            } else {
                request.putHeader(headers[i], headers[i + 1]);
            }
        }
        return request.send(body);
    }

    private static Reply reply(HttpClientResponse response, Buffer answer) {
        String status = response.getTrailer("grpc-status");
        boolean trailed = status != null;
        String code = trailed ? status : response.getHeader("grpc-status");
        String message = trailed ? response.getTrailer("grpc-message") : response.getHeader("grpc-message");
        return new Reply(
                code == null ? -1 : Integer.parseInt(code),
                message == null ? "" : URLDecoder.decode(message, StandardCharsets.UTF_8),
                answer.length() > 5 ? answer.getBytes(5, answer.length()) : new byte[0]);
    }

    /** The outcome, at the latest in fifteen seconds. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    /**
     * What came back.
     *
     * @param status its number, −1 when there was none
     * @param message the sentence, empty when there was none
     * @param body the message without its frame
     */
    public record Reply(int status, @Nullable String message, byte[] body) {}
}
