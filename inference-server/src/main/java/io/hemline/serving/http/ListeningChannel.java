package io.hemline.serving.http;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import java.lang.reflect.Field;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the channel on which a listening server accepts connections. Vert.x has no method for it, hence reflection. */
final class ListeningChannel {

    private static final Logger log = LoggerFactory.getLogger(ListeningChannel.class);

    private ListeningChannel() {}

    /** The channel of a server that listens; empty, after a warning, where Vert.x keeps it elsewhere. */
    static Optional<Channel> of(HttpServer server) {
        try {
            Object tcpServer = field(server, "tcpServer");
            Future<?> bound = (Future<?>) field(field(tcpServer, "actualServer"), "bindFuture");
            return Optional.of((Channel) bound.result());
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.warn("this version of Vert.x keeps the listening channel elsewhere; a stop may cut new connections", e);
            return Optional.empty();
        }
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
