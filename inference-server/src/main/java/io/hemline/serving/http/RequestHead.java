package io.hemline.serving.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the head of a request of HTTP/1 must be beyond what the decoder asks of it (RFC 9112). */
final class RequestHead {

    private static final String CHUNKED = HttpHeaderValues.CHUNKED.toString();

    private RequestHead() {}

    /** What is wrong with it, {@code null} when nothing is. */
    static @Nullable Problem fault(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        boolean current = version.equals(HttpVersion.HTTP_1_1);
        if (!current && !version.equals(HttpVersion.HTTP_1_0)) {
            return Problem.of(
                    ProblemType.VERSION_NOT_SUPPORTED,
                    "The version must be HTTP/1.1 or HTTP/1.0, not " + SafeText.quoted(version.text()) + ".");
        }
        Problem target = targetFault(request);
        if (target != null) {
            return target;
        }
        HttpHeaders headers = request.headers();
        if (headers.contains("")) {
            return Problem.of(ProblemType.BAD_REQUEST, "A header line has no name before its colon.");
        }
        Problem host = hostFault(headers, current);
        return host != null ? host : transferFault(headers);
    }

    private static @Nullable Problem targetFault(HttpRequest request) {
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

    private static @Nullable Problem hostFault(HttpHeaders headers, boolean needed) {
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
            return needed ? Problem.of(ProblemType.BAD_REQUEST, "Host is missing.") : null;
        }
        return HostField.isValid(host)
                ? null
                : Problem.of(
                        ProblemType.BAD_REQUEST,
                        "Host must be a name or an address, perhaps with :port, not " + SafeText.quoted(host) + ".");
    }

    /** Where the body ends must be beyond doubt, and of the codings only the one that says so is known (section 6.1). */
    private static @Nullable Problem transferFault(HttpHeaders headers) {
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
