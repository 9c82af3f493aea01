package io.hemline.serving.http;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;

/** What one connection of HTTP/2 may hold at a time, told to every caller when it connects. */
public final class Http2Limits {

    /** The most requests of one connection that run at a time. */
    public static final int MAX_STREAMS = 100;

    private Http2Limits() {}

    /** Adds them to a listener's options, and the largest headers for HTTP/1 too. */
    public static HttpServerOptions addTo(HttpServerOptions options, ConnectionConfig connections) {
        return options.setMaxHeaderSize(connections.maxHeader())
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(MAX_STREAMS)
                        .setMaxHeaderListSize(connections.maxHeader()));
    }

    /**
     * Holds a connection to its number of streams from the first on. Netty does so only when the caller has acknowledged
     * the settings, which is left to the caller. A refused stream may be asked again, so nobody loses one who did not know.
     */
    static void enforce(Http2ConnectionHandler handler) {
        handler.connection().remote().maxActiveStreams(MAX_STREAMS);
    }
}
