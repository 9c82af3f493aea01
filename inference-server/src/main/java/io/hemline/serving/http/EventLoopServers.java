package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * One server for each event loop, all on one port: connections are distributed round-robin.
 *
 * <p>Immutable.
 */
final class EventLoopServers {

    /*
     * Servers of one Vert.x with the same host and port share one listening socket, whose first server owns it and
     * its certificate. A port below zero is any free one that all servers with the same negative number share. The
     * servers are not deployed as verticles: on the context of a verticle each timer, of which every computed request
     * has one, is registered with the deployment.
     */
    private static final AtomicInteger SHARED_FREE_PORTS = new AtomicInteger();

    private final VertxInternal vertx;
    private final List<HttpServer> servers;

    /**
     * Makes the servers, which do not listen yet.
     *
     * @param server makes a server that will listen on a port
     */
    EventLoopServers(Vertx vertx, int loops, int port, IntFunction<HttpServer> server) {
        this.vertx = (VertxInternal) requireNonNull(vertx, "vertx");
        int shared = port == 0 && loops > 1 ? -SHARED_FREE_PORTS.incrementAndGet() : port;
        this.servers = Stream.generate(() -> server.apply(shared)).limit(loops).toList();
    }

    /** Starts to listen; completes with one of the servers, which all share port and certificate. */
    Future<HttpServer> listen() {
        List<Future<HttpServer>> listening = servers.stream().map(this::listen).toList();
        return Future.all(listening).map(all -> servers.get(0));
    }

    private Future<HttpServer> listen(HttpServer server) {
        Promise<HttpServer> listening = Promise.promise();
        vertx.createEventLoopContext().runOnContext(onLoop -> {
            try {
                server.listen().onComplete(listening);
            } catch (RuntimeException e) {
                listening.fail(e);
            }
        });
        return listening.future();
    }

    /** Closes idle connections at once, and the others when their requests are answered or the time is over. */
    Future<Void> shutdown(Duration atMost) {
        List<Future<Void>> closing = servers.stream()
                .map(server -> server.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS))
                .toList();
        return Future.join(closing).mapEmpty();
    }
}
