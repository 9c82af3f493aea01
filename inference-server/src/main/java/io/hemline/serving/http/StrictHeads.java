package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;

/**
 * Marks a request as malformed whose head the decoder took though it must be refused. Nothing that follows it is read, for
 * nobody knows where the next request would begin.
 *
 * <p>Confined to one event loop.
 */
final class StrictHeads extends ChannelInboundHandlerAdapter {

    private final Runnable heard;
    private boolean malformed;

    /**
     * Made for one connection.
     *
     * @param heard is told of every request
     */
    StrictHeads(Runnable heard) {
        this.heard = requireNonNull(heard, "heard");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (malformed) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            heard.run();
            Problem fault = request.decoderResult().isSuccess() ? RequestHead.fault(request) : null;
            if (fault != null) {
                request.setDecoderResult(DecoderResult.failure(new ProblemException(fault)));
                answerInAVersionThatIsKnown(request);
            }
            malformed = request.decoderResult().isFailure();
        }
        context.fireChannelRead(message);
    }

    /** Vert.x answers in the version of the request, whatever it is. */
    private static void answerInAVersionThatIsKnown(HttpRequest request) {
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
    }
}
