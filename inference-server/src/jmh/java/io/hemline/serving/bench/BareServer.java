package io.hemline.serving.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A bare Vert.x server that answers every request with the bytes of one file: a GET at once, a POST when its body has
 * been read. It measures the cost of HTTP and the socket alone.
 *
 * <p>Usage: {@code BareServer PORT ANSWER-FILE}; {@code make bench SUITE=serving} starts it with the server's JVM options.
 *
 * <p>Immutable.
 */
public final class BareServer {

    private final Buffer answer;

    private BareServer(Buffer answer) {
        this.answer = answer;
    }

    public static void main(String[] arguments) throws Exception {
        BareServer server = new BareServer(Buffer.buffer(Files.readAllBytes(Path.of(arguments[1]))));
        // The transport and the number of event loops are those of the server.
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(Integer.parseInt(arguments[0])))
                .requestHandler(server::handle)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        System.out.println("listening");
    }

    private void handle(HttpServerRequest request) {
        if (request.method().name().equals("POST")) {
            request.bodyHandler(body -> answer(request.response()));
            return;
        }
        answer(request.response());
    }

    private void answer(HttpServerResponse response) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(answer);
    }
}
