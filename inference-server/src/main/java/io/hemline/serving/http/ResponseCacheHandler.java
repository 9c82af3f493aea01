package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.security.Scope;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Answers on the doorstep, word for word, what the live version was asked before; everybody else is let in.
 *
 * <p>One for each connection of HTTP/1.1; confined to its event loop.
 */
final class ResponseCacheHandler extends ChannelDuplexHandler {

    /*
     * It stands in the pipeline right behind the decoder, so what it answers never becomes a request of Vert.x. It may
     * answer only while everybody it let in has been answered, for the answers of a connection have the order of its
     * questions (RFC 9112, section 9.3.2); what it sees going out tells it.
     *
     * One look at the slot decides which version answers. What is found belongs to that version alone and is written
     * before this event loop does anything else, so an answer is never older than the swap that was seen before it.
     * Nothing here computes, so no lease is taken; and nothing waits, so no request is ever seen running.
     */
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestId.HEADER);
    private static final CharSequence DEADLINE = HttpHeaders.createOptimized(Deadline.HEADER);

    private final ResponseLookup cached;
    private final Authenticator gate;
    private final Quotas quotas;
    private final RequestLifecycle entrance;
    private final AllowedHosts hosts;
    private final SocketAddress remote;
    private final ChannelHandlerContext encoder;
    private final byte[] further;
    private String lastHost = "";
    private int inside;
    private boolean answered;
    private boolean unsent;

    ResponseCacheHandler(
            ResponseLookup cached,
            AccessPolicy admittance,
            RequestLifecycle entrance,
            SocketAddress remote,
            ChannelHandlerContext encoder) {
        this.cached = requireNonNull(cached, "cached");
        this.gate = admittance.authenticator();
        this.quotas = admittance.quotas();
        this.entrance = requireNonNull(entrance, "entrance");
        this.hosts = entrance.hosts();
        this.remote = requireNonNull(remote, "remote");
        this.encoder = requireNonNull(encoder, "encoder");
        String policy = quotas.policy();
        this.further = EncodedResponse.ascii(policy == null ? "" : CommonHeaders.QUOTA + ": " + policy + "\r\n");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            answered = inside == 0 && isSimple(request) && answer(request);
            if (answered) {
                return;
            }
            inside++;
        } else if (answered) {
            ReferenceCountUtil.release(message);
            return;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (unsent) {
            unsent = false;
            encoder.flush();
        }
        context.fireChannelReadComplete();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever wrote it holds the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (endsAnswer(message)) {
            inside--;
        }
        context.write(message, promise);
    }

    /** Whether what goes out is the end of an answer, and not of an interim one. */
    static boolean endsAnswer(Object message) {
        return message instanceof LastHttpContent
                && !(message instanceof HttpResponse response
                        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL);
    }

    /** Whether nothing but the target, its conditions and who asks decides the answer. */
    private boolean isSimple(HttpRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && request.decoderResult().isSuccess()
                && request.headers() instanceof MultiMap headers
                && !headers.contains(DEADLINE)
                && isEmpty(headers.get(HttpHeaders.CONTENT_LENGTH))
                && !headers.contains(HttpHeaders.TRANSFER_ENCODING)
                && namesHost(headers.get(HttpHeaders.HOST))
                && staysOpen(ListField.of(headers, HttpHeaders.CONNECTION))
                && entrance.greetsAllAlike()
                && encoder.channel().isWritable();
    }

    /** What names none is refused inside (RFC 9112, section 3.2), as is one that is not allowed. */
    private boolean namesHost(@Nullable String host) {
        if (host == null) {
            return false;
        }
        // Clients name the same host again and again.
        if (host.equals(lastHost)) {
            return true;
        }
        boolean allowed = RequestId.isVisibleAscii(host) && hosts.allow(host, localAddress());
        if (allowed) {
            lastHost = host;
        }
        return allowed;
    }

    private @Nullable String localAddress() {
        return encoder.channel().localAddress() instanceof InetSocketAddress local
                ? local.getAddress().getHostAddress()
                : null;
    }

    /** Java's own client, before JDK 19, sends the length of a body that a question does not have. */
    private static boolean isEmpty(@Nullable String length) {
        return length == null || length.equals("0");
    }

    private static boolean staysOpen(@Nullable String connection) {
        return connection == null || connection.equalsIgnoreCase("keep-alive");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what cannot be sent any more has nobody left to hear of it
    private boolean answer(HttpRequest request) {
        long start = System.nanoTime();
        MultiMap headers = (MultiMap) request.headers();
        Client client = gate.tryAuthenticate(headers);
        if (client == null || !client.may(Scope.FORECAST_READ)) {
            return false;
        }
        ResponseLookup.Hit hit = cached.lookup(request.uri());
        if (hit == null || !(hit.response() instanceof StoredResponse response)) {
            return false;
        }
        EncodedResponse lines = response.encoded();
        EncodedResponse.Ready ready = lines.choose(
                ListField.of(headers, HttpHeaders.IF_NONE_MATCH), ListField.of(headers, HttpHeaders.ACCEPT_ENCODING));
        // A refusal is written inside; a bucket without a token gives none the second time either.
        if (ready == null || quotas.count(client, remote) != null) {
            return false;
        }
        CharSequence id = RequestId.of(headers.get(REQUEST_ID));
        encoder.write(lines.encode(ready, id, further, start, encoder.alloc()), encoder.voidPromise());
        unsent = true;
        hit.version().answeredFromCache(entrance.left(response.route(), request, ready, client, id, start));
        return true;
    }

    /** Makes one for each connection. */
    @FunctionalInterface
    interface Maker {

        /**
         * Makes the one of a connection.
         *
         * @param remote who is at the other end
         * @param encoder from whose place in the pipeline goes out what is encoded already
         */
        ResponseCacheHandler make(SocketAddress remote, ChannelHandlerContext encoder);
    }
}
