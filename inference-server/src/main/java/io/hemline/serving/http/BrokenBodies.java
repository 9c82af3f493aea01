package io.hemline.serving.http;

import io.hemline.serving.http.Problem.ProblemException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Ends a malformed body where it breaks, and marks its request as malformed, so that the reader of the body can answer.
 * Without this handler Vert.x closes the connection without a response.
 *
 * <p>Confined to one event loop.
 */
final class BrokenBodies extends ChannelDuplexHandler {

    private final int maxHeader;
    private @Nullable HttpRequest latest;
    private int unanswered;

    BrokenBodies(int maxHeader) {
        this.maxHeader = maxHeader;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the connection ends either way
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            latest = request;
            unanswered++;
        } else if (message instanceof HttpContent content
                && content.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            if (unanswered == 0 || latest == null) {
                // The response preceded the end of the body; the decoder reads nothing more of this connection.
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                return;
            }
            latest.setDecoderResult(DecoderResult.failure(
                    new ProblemException(problem(content.decoderResult().cause()))));
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the writer holds the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (ResponseCacheHandler.endsResponse(message)) {
            unanswered--;
        }
        context.write(message, promise);
    }

    private Problem problem(Throwable cause) {
        return Problem.of(
                ProblemType.BAD_REQUEST,
                cause instanceof TooLongHttpHeaderException
                        ? "The headers and trailers may have at most " + maxHeader
                                + " bytes together (http.connections.max-header)."
                        : "The body is not in chunks: a size, an extension, an end of line or a trailer is malformed.");
    }
}
