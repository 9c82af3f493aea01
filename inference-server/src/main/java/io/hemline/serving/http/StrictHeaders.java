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
 * Ends the stream of a request of HTTP/2 whose headers no request may have (RFC 9113, section 8.2.1), and no other stream of
 * its connection. Netty looks at names alone, and Vert.x hangs up on a method that is none.
 *
 * <p>Confined to one event loop.
 */
final class StrictHeaders extends Http2FrameListenerDecorator {

    private final Runnable heard;

    /**
     * Reads before another.
     *
     * @param heard is told of every request
     */
    StrictHeaders(Http2FrameListener next, Runnable heard) {
        super(next);
        this.heard = requireNonNull(heard, "heard");
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        heard.run();
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
        heard.run();
        require(stream, headers);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, endOfStream);
    }

    private static void require(int stream, Http2Headers headers) throws Http2Exception {
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            CharSequence name = header.getKey();
            CharSequence value = header.getValue();
            boolean pseudo = name.charAt(0) == ':';
            boolean sound = pseudo
                    ? headers.getAll(name).size() == 1 && isSoundPseudo(name, value)
                    : HttpHeaderValidationUtil.validateToken(name) == -1 && isSound(value);
            if (!sound) {
                throw Http2Exception.streamError(
                        stream, Http2Error.PROTOCOL_ERROR, "The header %s has a malformed name or value.", name);
            }
        }
    }

    private static boolean isSoundPseudo(CharSequence name, CharSequence value) {
        if (Http2Headers.PseudoHeaderName.METHOD.value().contentEquals(name)) {
            return !value.isEmpty() && HttpHeaderValidationUtil.validateToken(value) == -1;
        }
        return isSound(value) && value.chars().noneMatch(c -> c == ' ' || c == '\t');
    }

    private static boolean isSound(CharSequence value) {
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
