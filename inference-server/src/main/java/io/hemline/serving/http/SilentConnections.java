package io.hemline.serving.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connections that a listener accepted and that have not asked yet. Closes the listener before them: whoever was let in
 * gets a moment for the question that is on its way.
 *
 * <p>Thread-safe: a concurrent set, an atomic and volatile references.
 */
final class SilentConnections {

    /** How long after the listener was closed a question may still come. */
    static final Duration MOMENT = Duration.ofMillis(250);

    private final Set<Channel> silent = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Channel listening;
    private volatile @Nullable EventLoop loop;
    private final AtomicReference<@Nullable Promise<Void>> closing = new AtomicReference<>();
    private volatile @Nullable Promise<Void> closed;

    /** Notes a connection. From the first on those that follow are noted when they are accepted, before TLS. */
    void add(Channel connection) {
        note(connection);
        if (listening == null && connection.parent() != null) {
            loop = connection.eventLoop();
            listening = connection.parent();
            connection.parent().pipeline().addFirst(new Acceptance());
        }
    }

    /** Notes that one has asked. */
    void heard(Channel connection) {
        if (silent.remove(connection) && silent.isEmpty()) {
            Promise<Void> waiting = closed;
            if (waiting != null) {
                // Later, for the question is read only after this.
                connection.eventLoop().execute(waiting::tryComplete);
            }
        }
    }

    /** Whether the listener accepts nobody any more. */
    boolean isClosing() {
        return closing.get() != null;
    }

    /** Closes the listener; completes when all that were accepted have asked, or after the moment. */
    @SuppressWarnings("FutureReturnValueIgnored") // the promise tells what became of it
    Future<Void> closeListener() {
        Promise<Void> done = Promise.promise();
        Promise<Void> before = closing.getAndUpdate(begun -> begun == null ? done : begun);
        if (before != null) {
            return before.future();
        }
        Channel listener = listening;
        EventLoop connections = loop;
        if (listener == null || connections == null) {
            done.complete();
            return done.future();
        }
        // Whoever was accepted is registered with the loop before this comes there.
        listener.close()
                .addListener(shut -> connections.execute(() -> {
                    closed = done;
                    if (silent.isEmpty()) {
                        done.tryComplete();
                    } else {
                        connections.schedule(() -> done.tryComplete(), MOMENT.toMillis(), TimeUnit.MILLISECONDS);
                    }
                }));
        return done.future();
    }

    private void note(Channel connection) {
        if (silent.add(connection)) {
            connection.closeFuture().addListener(ended -> heard(connection));
        }
    }

    /** Sees who is accepted. */
    @ChannelHandler.Sharable
    private final class Acceptance extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Channel connection) {
                note(connection);
            }
            context.fireChannelRead(message);
        }
    }
}
