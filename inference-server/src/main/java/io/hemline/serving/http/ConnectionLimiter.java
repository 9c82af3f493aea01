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
 * Counts the connections and turns those away that are too many, then sees to it that requests come in time and well-formed.
 *
 * <p>Thread-safe: the count is atomic, the silent ones see to themselves.
 */
public final class ConnectionLimiter implements Handler<HttpConnection> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionLimiter.class);
    private static final String ENCODER = "httpEncoder";
    private static final long LAST_ANSWERS_SECONDS = 30;

    private final String listener;
    private final ConnectionConfig config;
    private final MeterRegistry meters;
    private final ResponseCacheHandler.@Nullable Maker doorsteps;
    private final AtomicInteger open = new AtomicInteger();
    private final SilentConnections silent = new SilentConnections();

    /**
     * Counts those of one listener.
     *
     * @param listener names it in metrics
     */
    public ConnectionLimiter(String listener, ConnectionConfig config, MeterRegistry meters) {
        this(listener, config, meters, null);
    }

    /** Counts those of one listener, and puts a doorstep before each. */
    ConnectionLimiter(
            String listener,
            ConnectionConfig config,
            MeterRegistry meters,
            ResponseCacheHandler.@Nullable Maker doorsteps) {
        this.listener = requireNonNull(listener, "listener");
        this.config = requireNonNull(config, "config");
        this.meters = requireNonNull(meters, "meters");
        this.doorsteps = doorsteps;
        meters.gauge("http.connections", Tags.of("listener", listener), open);
    }

    /** Tells which server's connections these are, once it listens, so that a stop spares those accepted just before. */
    public void acceptedBy(HttpServer listening) {
        ListeningChannel.of(listening).ifPresent(silent::acceptedBy);
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
            if (doorsteps != null) {
                pipeline.addAfter(
                        ENCODER, "doorstep", doorsteps.make(connection.remoteAddress(), pipeline.context(ENCODER)));
            }
            pipeline.addAfter(ENCODER, "slowRequests", new SlowRequestTimeout(config, this::late));
            pipeline.addAfter(ENCODER, "strictHeads", new StrictHeads(() -> silent.heard(channel)));
            return;
        }
        Http2ConnectionHandler handler = pipeline.get(Http2ConnectionHandler.class);
        Http2Limits.enforce(handler);
        handler.decoder()
                .frameListener(new StrictHeaders(handler.decoder().frameListener(), () -> silent.heard(channel)));
    }

    /** For one whose handshake took longer than the listener stood open, so that nobody has told it to end. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends either way
    private static void endSoon(ChannelHandlerContext context, HttpConnection connection) {
        context.executor()
                .schedule(
                        () -> connection.shutdown(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS),
                        SilentConnections.GRACE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Closes the listener. Completes when those whom it had accepted have asked, after a quarter of a second at the latest;
     * their connections can be told to end then.
     */
    public Future<Void> closeListener() {
        return silent.closeListener();
    }

    /** Whether the listener accepts nobody any more, so that answers should end their connections. */
    public boolean isClosing() {
        return silent.isClosing();
    }

    /** What Vert.x made of the connection. Without it there would be no limits, so a connection of another make is closed. */
    private static ChannelHandlerContext contextOf(HttpConnection connection) {
        ChannelHandlerContext context = connection instanceof ConnectionBase base ? base.channelHandlerContext() : null;
        if (context != null
                && (context.pipeline().get(ENCODER) != null
                        || context.pipeline().get(Http2ConnectionHandler.class) != null)) {
            return context;
        }
        connection.close();
        String problem = "this version of Vert.x builds connections in another way: " + connection.getClass();
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

    /** Past the request's own answer, for there may be no request; the connection ends with it. */
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
