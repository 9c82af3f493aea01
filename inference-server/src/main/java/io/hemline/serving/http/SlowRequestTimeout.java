package io.hemline.serving.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose requests arrive too slowly, which an idle timeout does not notice.
 *
 * <p>Confined to one event loop.
 */
final class SlowRequestTimeout extends ChannelInboundHandlerAdapter {

    /*
     * The handler is in the pipeline after the decoder. A read without a message brought a part of the headers; a read
     * that ended within a message left its body incomplete. Only then a timer runs, so requests that arrive in one
     * read, as nearly all do, cost two comparisons.
     */
    private final Duration header;
    private final Duration body;
    private final BiConsumer<ChannelHandlerContext, Problem> refuse;
    private boolean messageRead;
    private boolean inBody;
    private @Nullable ScheduledFuture<?> timer;

    SlowRequestTimeout(ConnectionConfig config, BiConsumer<ChannelHandlerContext, Problem> refuse) {
        this.header = config.headerTimeout();
        this.body = config.bodyTimeout();
        this.refuse = refuse;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        start(context, header, "headers", "http.connections.header-timeout");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        messageRead = true;
        if (message instanceof LastHttpContent) {
            inBody = false;
            stop();
        } else if (message instanceof HttpRequest) {
            inBody = true;
            stop();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (timer == null && inBody) {
            start(context, body, "body", "http.connections.body-timeout");
        } else if (timer == null && !messageRead) {
            start(context, header, "headers", "http.connections.header-timeout");
        }
        messageRead = false;
        context.fireChannelReadComplete();
    }

    private void start(ChannelHandlerContext context, Duration limit, String part, String setting) {
        Problem late = Problem.of(
                ProblemType.REQUEST_TIMEOUT,
                "The " + part + " did not arrive within " + limit.toMillis() + " ms (" + setting + ").");
        timer = context.executor()
                .schedule(() -> refuse.accept(context, late), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stop() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }
}
