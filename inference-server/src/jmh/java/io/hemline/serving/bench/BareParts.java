package io.hemline.serving.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * The bare parts in one server: HTTP, reading JSON, ONNX Runtime, writing JSON, and nothing between them. Question: how
 * much of what the parts allow, each measured alone, is left when they share the caches of a core?
 *
 * <p>Usage: {@code BareParts PORT ANSWER-FILE FORECASTER.ONNX EMBEDDING-LENGTH BATCH…}, started by
 * {@code make bench SUITE=serving}. One event loop for each core, which runs the graph itself: nothing is handed from
 * thread to thread. A batch is whatever came in one pass over the sockets, filled up to one of the sizes, ascending; the
 * rows are made up as for {@link BareRuntime}. Every answer is the file's.
 *
 * <p>Confined to one event loop.
 */
public final class BareParts {

    private final ContextInternal loop;
    private final List<BareJson.Piece> answer;
    private final int[] sizes;
    private final List<? extends Callable<?>> runs;
    private final Queue<HttpServerRequest> waiting = new ArrayDeque<>();

    private BareParts(ContextInternal loop, List<BareJson.Piece> answer, BareRuntime runtime, int[] sizes) {
        this.loop = loop;
        this.answer = answer;
        this.sizes = sizes;
        this.runs = IntStream.of(sizes).mapToObj(runtime::call).toList();
    }

    public static void main(String[] arguments) throws Exception {
        HttpServerOptions options =
                new HttpServerOptions().setHost("127.0.0.1").setPort(Integer.parseInt(arguments[0]));
        List<BareJson.Piece> answer = BareJson.pieces(Files.readAllBytes(Path.of(arguments[1])));
        BareRuntime runtime = new BareRuntime(arguments[2], Integer.parseInt(arguments[3]));
        int[] sizes = IntStream.range(4, arguments.length)
                .map(place -> Integer.parseInt(arguments[place]))
                .toArray();
        VertxInternal vertx = (VertxInternal) Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
            ContextInternal loop = vertx.createEventLoopContext();
            BareParts own = new BareParts(loop, answer, runtime, sizes);
            HttpServer server = vertx.createHttpServer(options).requestHandler(own::handle);
            loop.runOnContext(unused -> server.listen().onSuccess(listening -> System.out.println("listening")));
        }
    }

    private void handle(HttpServerRequest request) {
        request.bodyHandler(body -> {
            try {
                BareJson.read(body.getBytes());
            } catch (IOException e) {
                request.response().setStatusCode(400).end();
                return;
            }
            if (waiting.isEmpty()) {
                runSoon();
            }
            waiting.add(request);
        });
    }

    /** After this pass over the sockets. */
    private void runSoon() {
        loop.nettyEventLoop().execute(this::run);
    }

    private void run() {
        int place = 0;
        while (sizes[place] < waiting.size() && place + 1 < sizes.length) {
            place++;
        }
        try {
            runs.get(place).call();
            for (int row = 0; row < sizes[place] && !waiting.isEmpty(); row++) {
                answer(waiting.remove());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (!waiting.isEmpty()) {
            runSoon();
        }
    }

    private void answer(HttpServerRequest request) throws IOException {
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(Buffer.buffer(BareJson.written(answer)));
    }
}
