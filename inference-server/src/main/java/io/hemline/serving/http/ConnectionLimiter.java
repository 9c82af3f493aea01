package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the number of a listener's connections, and adds to each the handlers that refuse slow and malformed requests.
 *
 * <p>Thread-safe: the count is atomic and {@link SilentConnections} is thread-safe; event loops share the limit.
 */
public final class ConnectionLimiter implements Handler<HttpConnection> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionLimiter.class);
    private static final String ENCODER = "httpEncoder";
    private static final long LAST_ANSWERS_SECONDS = 30;

    private final String listener;
    private final ConnectionConfig config;
    private final MeterRegistry meters;
    private final ResponseCacheHandler.@Nullable Factory responseCache;
    private final AtomicInteger open = new AtomicInteger();
    private final SilentConnections silent = new SilentConnections();

    /**
     * Limits the connections of one listener.
     *
     * @param listener its name in metrics
     */
    public ConnectionLimiter(String listener, ConnectionConfig config, MeterRegistry meters) {
        this(listener, config, meters, null);
    }

    /** Limits the connections of one listener, and adds a response cache to each. */
    ConnectionLimiter(
            String listener,
            ConnectionConfig config,
            MeterRegistry meters,
            ResponseCacheHandler.@Nullable Factory responseCache) {
        this.listener = requireNonNull(listener, "listener");
        this.config = requireNonNull(config, "config");
        this.meters = requireNonNull(meters, "meters");
        this.responseCache = responseCache;
        meters.gauge("http.connections", Tags.of("listener", listener), open);
    }

    /** To be called with the server once it listens, so that a stop spares the connections accepted just before. */
    public void acceptedBy(HttpServer listening) {
        silent.acceptedBy(listening);
    }

    @Override
    public void handle(HttpConnection connection) {
        int now = open.incrementAndGet();
        connection.closeHandler(closed -> open.decrementAndGet());
        ChannelHandlerContext context = contextOf(connection);
        ChannelPipeline pipeline = context.pipeline();
        boolean plain = pipeline.get(ENCODER) != null;
        if (now > config.max()) {
            countRefused("too-many");
            if (plain) {
                answer(context, tooMany());
            } else {
                connection.close();
            }
            return;
        }
        Channel channel = context.channel();
        silent.add(channel);
        if (silent.isClosing()) {
            endSoon(context, connection);
        }
        if (plain) {
            pipeline.addAfter(ENCODER, "brokenBodies", new BrokenBodies(config.maxHeader()));
            if (responseCache != null) {
                pipeline.addAfter(
                        ENCODER,
                        "responseCache",
                        responseCache.make(connection.remoteAddress(), pipeline.context(ENCODER)));
            }
            pipeline.addAfter(ENCODER, "slowRequests", new SlowRequestTimeout(config, this::late));
            pipeline.addAfter(ENCODER, "strictHeads", new StrictHttp1Heads(() -> silent.remove(channel)));
            return;
        }
        Http2ConnectionHandler handler = pipeline.get(Http2ConnectionHandler.class);
        limitStreams(handler);
        handler.decoder()
                .frameListener(new StrictHttp2Heads(handler.decoder().frameListener(), () -> silent.remove(channel)));
    }

    /**
     * Applies the limit of streams from the first one on; Netty does so only when the client has acknowledged the
     * settings. A refused stream may be sent again, so a client that did not know the limit loses none.
     */
    private static void limitStreams(Http2ConnectionHandler handler) {
        handler.connection().remote().maxActiveStreams(ConnectionConfig.MAX_STREAMS);
    }

    /** Shuts down a connection whose TLS handshake ended after the listener had closed. */
    @SuppressWarnings("FutureReturnValueIgnored") // the connection ends either way
    private static void endSoon(ChannelHandlerContext context, HttpConnection connection) {
        context.executor()
                .schedule(
                        () -> connection.shutdown(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS),
                        SilentConnections.GRACE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Closes the listening socket. Completes when the accepted connections have sent a request, after a quarter of a
     * second at the latest; the connections can be shut down then.
     */
    public Future<Void> closeListener() {
        return silent.closeListener();
    }

    /** Whether the listener accepts no more connections, so that responses should close theirs. */
    public boolean isClosing() {
        return silent.isClosing();
    }

    /** The pipeline context of a connection. A connection without one is closed, since it would have no limits. */
    private static ChannelHandlerContext contextOf(HttpConnection connection) {
        ChannelHandlerContext context = connection instanceof ConnectionBase base ? base.channelHandlerContext() : null;
        if (context != null
                && (context.pipeline().get(ENCODER) != null
                        || context.pipeline().get(Http2ConnectionHandler.class) != null)) {
            return context;
        }
        connection.close();
        String problem = "this version of Vert.x builds connections differently: " + connection.getClass();
        log.error(problem);
        throw new IllegalStateException(problem);
    }

    private Problem tooMany() {
        return Problem.of(
                ProblemType.OVERLOADED,
                "There are " + config.max() + " connections already (http.connections.max); try again.");
    }

    private void late(ChannelHandlerContext context, Problem problem) {
        countRefused("too-slow");
        answer(context, problem);
    }

    private void countRefused(String reason) {
        meters.counter("http.connections.refused", "listener", listener, "reason", reason)
                .increment();
    }

    /** Writes a response without the router, since there may be no request, and closes the connection. */
    private static void answer(ChannelHandlerContext context, Problem problem) {
        byte[] body = problem.toJson();
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(problem.type().status()),
                Unpooled.wrappedBuffer(body));
        response.headers()
                .set("Content-Type", "application/problem+json")
                .set("Content-Length", body.length)
                .set("Cache-Control", "no-store")
                .set("Connection", "close")
                .set(RequestId.HEADER, RequestId.of(null));
        if (problem.type().asksToRetry()) {
            response.headers().set("Retry-After", "1");
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
