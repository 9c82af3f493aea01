package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.Problem.ProblemException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the rules of RFC 9112 for the heads of HTTP/1 requests that the decoder does not check. A head that breaks a
 * rule is marked as malformed, and nothing that follows it is read: where the next request would begin is unknown.
 *
 * <p>Confined to one event loop.
 */
final class StrictHttp1Heads extends ChannelInboundHandlerAdapter {

    private static final String CHUNKED = HttpHeaderValues.CHUNKED.toString();

    private final Runnable onRequest;
    private boolean malformed;

    /**
     * Makes the handler of one connection.
     *
     * @param onRequest runs before each request is read
     */
    StrictHttp1Heads(Runnable onRequest) {
        this.onRequest = requireNonNull(onRequest, "onRequest");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (malformed) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            onRequest.run();
            Problem problem = request.decoderResult().isSuccess() ? problem(request) : null;
            if (problem != null) {
                request.setDecoderResult(DecoderResult.failure(new ProblemException(problem)));
                useKnownVersion(request);
            }
            malformed = request.decoderResult().isFailure();
        }
        context.fireChannelRead(message);
    }

    /** Vert.x answers in the version of the request, even an unknown one. */
    private static void useKnownVersion(HttpRequest request) {
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
    }

    private static @Nullable Problem problem(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        boolean current = version.equals(HttpVersion.HTTP_1_1);
        if (!current && !version.equals(HttpVersion.HTTP_1_0)) {
            return Problem.of(
                    ProblemType.VERSION_NOT_SUPPORTED,
                    "The version must be HTTP/1.1 or HTTP/1.0, not " + SafeText.quoted(version.text()) + ".");
        }
        Problem target = targetProblem(request);
        if (target != null) {
            return target;
        }
        HttpHeaders headers = request.headers();
        if (headers.contains("")) {
            return Problem.of(ProblemType.BAD_REQUEST, "A header line has no name before its colon.");
        }
        Problem host = hostProblem(headers, current);
        return host != null ? host : transferProblem(headers);
    }

    private static @Nullable Problem targetProblem(HttpRequest request) {
        String target = request.uri();
        if (target.startsWith("/")
                || isAbsolute(target)
                || (target.equals("*") && request.method().equals(HttpMethod.OPTIONS))) {
            return null;
        }
        return Problem.of(
                ProblemType.BAD_REQUEST,
                "The request target must be a path from /, a whole address, or * for OPTIONS, not "
                        + SafeText.quoted(target) + ".");
    }

    private static boolean isAbsolute(String target) {
        int start = target.indexOf("://");
        if (start < 0 || !target.substring(0, start).toLowerCase(Locale.ROOT).matches("https?")) {
            return false;
        }
        int end = start + 3;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return HostField.isValid(target.substring(start + 3, end));
    }

    private static @Nullable Problem hostProblem(HttpHeaders headers, boolean required) {
        String host = null;
        Iterator<Map.Entry<CharSequence, CharSequence>> lines = headers.iteratorCharSequence();
        while (lines.hasNext()) {
            Map.Entry<CharSequence, CharSequence> line = lines.next();
            if (!HttpHeaderNames.HOST.contentEqualsIgnoreCase(line.getKey())) {
                continue;
            }
            if (host != null) {
                return Problem.of(ProblemType.BAD_REQUEST, "Host is there twice.");
            }
            host = line.getValue().toString();
        }
        if (host == null) {
            return required ? Problem.of(ProblemType.BAD_REQUEST, "Host is missing.") : null;
        }
        return HostField.isValid(host)
                ? null
                : Problem.of(
                        ProblemType.BAD_REQUEST,
                        "Host must be a name or an address, perhaps with :port, not " + SafeText.quoted(host) + ".");
    }

    /** The end of the body must be unambiguous, and {@code chunked} is the only coding (RFC 9112, section 6.1). */
    private static @Nullable Problem transferProblem(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return null;
        }
        String all = String.join(",", headers.getAll(HttpHeaderNames.TRANSFER_ENCODING));
        List<String> codings = List.of(all.toLowerCase(Locale.ROOT).strip().split("\\s*,\\s*", -1));
        if (codings.indexOf(CHUNKED) != codings.size() - 1) {
            return Problem.of(
                    ProblemType.BAD_REQUEST,
                    "Transfer-Encoding must end in chunked, which is there once, not " + SafeText.quoted(all) + ".");
        }
        return codings.size() == 1
                ? null
                : Problem.of(
                        ProblemType.NOT_IMPLEMENTED,
                        "Transfer-Encoding may be chunked alone, not " + SafeText.quoted(all) + ".");
    }
}
