package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * Resets the stream of an HTTP/2 request with malformed headers (RFC 9113, section 8.2.1), and no other stream of its
 * connection. Netty checks names alone, and Vert.x closes the connection for a malformed method.
 *
 * <p>Confined to one event loop.
 */
final class StrictHttp2Heads extends Http2FrameListenerDecorator {

    private final Runnable onRequest;

    /**
     * Makes the listener of one connection.
     *
     * @param onRequest runs before each request is read
     */
    StrictHttp2Heads(Http2FrameListener next, Runnable onRequest) {
        super(next);
        this.onRequest = requireNonNull(onRequest, "onRequest");
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        onRequest.run();
        require(stream, headers);
        super.onHeadersRead(context, stream, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        onRequest.run();
        require(stream, headers);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, endOfStream);
    }

    private static void require(int stream, Http2Headers headers) throws Http2Exception {
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            CharSequence name = header.getKey();
            CharSequence value = header.getValue();
            boolean pseudo = name.charAt(0) == ':';
            boolean valid = pseudo
                    ? headers.getAll(name).size() == 1 && isValidPseudo(name, value)
                    : HttpHeaderValidationUtil.validateToken(name) == -1 && isValid(value);
            if (!valid) {
                throw Http2Exception.streamError(
                        stream, Http2Error.PROTOCOL_ERROR, "The header %s has a malformed name or value.", name);
            }
        }
    }

    private static boolean isValidPseudo(CharSequence name, CharSequence value) {
        if (Http2Headers.PseudoHeaderName.METHOD.value().contentEquals(name)) {
            return !value.isEmpty() && HttpHeaderValidationUtil.validateToken(value) == -1;
        }
        return isValid(value) && value.chars().noneMatch(c -> c == ' ' || c == '\t');
    }

    private static boolean isValid(CharSequence value) {
        if (value.isEmpty()) {
            return true;
        }
        return HttpHeaderValidationUtil.validateValidHeaderValue(value) == -1
                && !isBlank(value.charAt(0))
                && !isBlank(value.charAt(value.length() - 1));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
