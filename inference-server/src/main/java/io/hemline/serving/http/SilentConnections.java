package io.hemline.serving.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accepted connections that have not sent a request yet. On a stop, the listening socket closes first; these
 * connections get a grace period for their first request.
 *
 * <p>Thread-safe: a concurrent set, atomic and volatile references. Connections of several event loops are added and
 * removed.
 */
final class SilentConnections {

    /** The longest time between the close of the listening socket and the first request of a connection. */
    static final Duration GRACE = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(SilentConnections.class);

    private final Set<Channel> silent = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Channel> listening = new AtomicReference<>();
    private final AtomicReference<@Nullable Promise<Void>> closing = new AtomicReference<>();
    private volatile @Nullable Promise<Void> closed;

    /**
     * Adds every connection that this server accepts from now on, as soon as it is accepted and before its TLS
     * handshake.
     */
    void acceptedBy(HttpServer server) {
        Channel listener = listeningChannel(server);
        if (listener != null && listening.compareAndSet(null, listener)) {
            listener.pipeline().addFirst(new Acceptance());
        }
    }

    /** The channel of a listening server. Read by reflection, since Vert.x has no method for it. */
    private static @Nullable Channel listeningChannel(HttpServer server) {
        try {
            Object tcpServer = field(server, "tcpServer");
            Future<?> bound = (Future<?>) field(field(tcpServer, "actualServer"), "bindFuture");
            return (Channel) bound.result();
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.warn("this version of Vert.x keeps the listening channel elsewhere; a stop may cut new connections", e);
            return null;
        }
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    /** Adds a connection; no effect on one that was added before. */
    void add(Channel connection) {
        if (silent.add(connection)) {
            connection.closeFuture().addListener(ended -> remove(connection));
        }
    }

    /** Removes a connection that has sent a request or has closed. */
    void remove(Channel connection) {
        if (silent.remove(connection) && silent.isEmpty()) {
            Promise<Void> waiting = closed;
            if (waiting != null) {
                // After the current task of the event loop, which goes on to read the request.
                connection.eventLoop().execute(waiting::tryComplete);
            }
        }
    }

    /** Whether the listening socket is closed or about to be. */
    boolean isClosing() {
        return closing.get() != null;
    }

    /**
     * Closes the listening socket; completes when all accepted connections have sent a request, or after the grace
     * period.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the promise completes with the outcome
    Future<Void> closeListener() {
        Promise<Void> done = Promise.promise();
        Promise<Void> before = closing.getAndUpdate(begun -> begun == null ? done : begun);
        if (before != null) {
            return before.future();
        }
        Channel listener = listening.get();
        if (listener == null) {
            done.complete();
            return done.future();
        }
        listener.close().addListener(shut -> {
            closed = done;
            if (silent.isEmpty()) {
                done.tryComplete();
                return;
            }
            listener.eventLoop().schedule(() -> done.tryComplete(), GRACE.toMillis(), TimeUnit.MILLISECONDS);
        });
        return done.future();
    }

    /** Adds connections as the listening channel accepts them. */
    @ChannelHandler.Sharable
    private final class Acceptance extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Channel connection) {
                add(connection);
            }
            context.fireChannelRead(message);
        }
    }
}
