package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.http.EncodedResponse.StoredResponse;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.Quotas;
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
 * Answers requests whose encoded response the live version has cached, before they reach the router.
 *
 * <p>Confined to one event loop: each HTTP/1.1 connection has its own.
 */
final class ResponseCacheHandler extends ChannelDuplexHandler {

    /*
     * The handler is in the pipeline directly after the decoder, so the requests that it answers never become
     * requests of Vert.x. It answers only while all requests that it passed on have been answered, since the responses
     * of a connection come in the order of its requests (RFC 9112, section 9.3.2); it counts the responses that it
     * sees going out.
     *
     * One read of the slot decides which version answers. A cached response belongs to that version alone and is
     * written before this event loop does anything else, so a response is never older than a swap that was seen
     * before it. No lease is taken, since nothing is computed, and the request is not counted as running, since nothing
     * waits.
     */
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestId.HEADER);
    private static final CharSequence DEADLINE = HttpHeaders.createOptimized(HeaderFields.TIMEOUT);

    private final ResponseLookup cached;
    private final Authenticator authenticator;
    private final Quotas quotas;
    private final RequestLifecycle lifecycle;
    private final RequestRecorder recorder;
    private final AllowedHosts hosts;
    private final SocketAddress remote;
    private final ChannelHandlerContext encoder;
    private final byte[] quotaPolicy;
    private String lastHost = "";
    private int unanswered;
    private boolean answered;
    private boolean unsent;

    ResponseCacheHandler(
            ResponseLookup cached,
            AccessPolicy access,
            RequestLifecycle lifecycle,
            RequestRecorder recorder,
            SocketAddress remote,
            ChannelHandlerContext encoder) {
        this.cached = requireNonNull(cached, "cached");
        this.authenticator = access.authenticator();
        this.quotas = access.quotas();
        this.lifecycle = requireNonNull(lifecycle, "lifecycle");
        this.recorder = requireNonNull(recorder, "recorder");
        this.hosts = lifecycle.hosts();
        this.remote = requireNonNull(remote, "remote");
        this.encoder = requireNonNull(encoder, "encoder");
        String policy = quotas.policy();
        this.quotaPolicy =
                EncodedResponse.ascii(policy == null ? "" : ResponseWriter.QUOTA_POLICY + ": " + policy + "\r\n");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            answered = unanswered == 0 && isSimple(request) && answer(request);
            if (answered) {
                return;
            }
            unanswered++;
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
    @SuppressWarnings("FutureReturnValueIgnored") // the writer holds the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (endsResponse(message)) {
            unanswered--;
        }
        context.write(message, promise);
    }

    /** Whether an outgoing message ends a response that is not an interim one. */
    static boolean endsResponse(Object message) {
        return message instanceof LastHttpContent
                && !(message instanceof HttpResponse response
                        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL);
    }

    /** Whether target, conditions and client alone decide the response. */
    private boolean isSimple(HttpRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && request.decoderResult().isSuccess()
                && request.headers() instanceof MultiMap headers
                && !headers.contains(DEADLINE)
                && isEmpty(headers.get(HttpHeaders.CONTENT_LENGTH))
                && !headers.contains(HttpHeaders.TRANSFER_ENCODING)
                && namesHost(headers.get(HttpHeaders.HOST))
                && staysOpen(HeaderFields.list(headers, HttpHeaders.CONNECTION))
                && lifecycle.addsCommonHeadersOnly()
                && encoder.channel().isWritable();
    }

    /** Whether the host is allowed; other requests are refused by the router (RFC 9112, section 3.2). */
    private boolean namesHost(@Nullable String host) {
        if (host == null) {
            return false;
        }
        // The requests of one connection nearly always name the same host.
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

    /** Java's own client, before JDK 19, sends {@code Content-Length: 0} with GET. */
    private static boolean isEmpty(@Nullable String length) {
        return length == null || length.equals("0");
    }

    private static boolean staysOpen(@Nullable String connection) {
        return connection == null || connection.equalsIgnoreCase("keep-alive");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection
    private boolean answer(HttpRequest request) {
        long start = System.nanoTime();
        MultiMap headers = (MultiMap) request.headers();
        Client client = authenticator.tryAuthenticate(headers);
        if (client == null || !client.may(Scope.FORECAST_READ)) {
            return false;
        }
        ResponseLookup.Hit hit = cached.lookup(request.uri());
        if (hit == null || !(hit.response() instanceof StoredResponse response)) {
            return false;
        }
        EncodedResponse lines = response.encoded();
        EncodedResponse.Ready ready = lines.choose(
                HeaderFields.list(headers, HttpHeaders.IF_NONE_MATCH),
                HeaderFields.list(headers, HttpHeaders.ACCEPT_ENCODING));
        // The router writes the refusal; a bucket without a token has none the second time either.
        if (ready == null || quotas.count(client, remote) != null) {
            return false;
        }
        CharSequence id = RequestId.of(headers.get(REQUEST_ID));
        encoder.write(lines.encode(ready, id, quotaPolicy, start, encoder.alloc()), encoder.voidPromise());
        unsent = true;
        hit.version().answeredFromCache(recorder.recordCached(response.route(), request, ready, client, id, start));
        return true;
    }

    /** Makes the handler of each connection. */
    @FunctionalInterface
    interface Factory {

        /**
         * Makes the handler of a connection.
         *
         * @param remote the client's address
         * @param encoder the context in the pipeline from which encoded bytes are written
         */
        ResponseCacheHandler make(SocketAddress remote, ChannelHandlerContext encoder);
    }
}
