package io.hemline.serving.security;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Detects requests that a browser sends for a page of another origin. Browsers declare the origin in {@code Origin}
 * and, to trustworthy addresses, in {@code Sec-Fetch-Site}, and pages cannot change either. Other clients send neither.
 */
public final class CrossSite {

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    private static final Set<String> OWN_ORIGIN = Set.of("same-origin", "none");
    private static final String SITE = "Sec-Fetch-Site";
    private static final String ORIGIN = "Origin";

    private CrossSite() {}

    /** Whether the method is unsafe (RFC 9110, section 9.2.1). */
    public static boolean isUnsafe(HttpServerRequest request) {
        return !SAFE.contains(request.method());
    }

    /** Whether an unsafe request is of another origin according to either header. */
    public static boolean isForeign(HttpServerRequest request) {
        return isUnsafe(request) && (isDeclaredForeign(request.headers()) || hasForeignOrigin(request));
    }

    /**
     * The same with some other origins allowed, and behind a proxy that may have changed {@code Host}: {@code
     * Sec-Fetch-Site} takes precedence over {@code Origin}.
     */
    public static boolean isForeign(HttpServerRequest request, Predicate<String> allowed) {
        if (!isUnsafe(request)) {
            return false;
        }
        MultiMap headers = request.headers();
        List<String> origins = headers.getAll(ORIGIN);
        if (origins.size() == 1 && allowed.test(origins.get(0))) {
            return false;
        }
        return headers.contains(SITE) ? isDeclaredForeign(headers) : hasForeignOrigin(request);
    }

    private static boolean isDeclaredForeign(MultiMap headers) {
        return headers.getAll(SITE).stream().anyMatch(site -> !OWN_ORIGIN.contains(site));
    }

    private static boolean hasForeignOrigin(HttpServerRequest request) {
        String host = request.headers().get("Host");
        String own = host == null && request.authority() != null
                ? request.authority().toString()
                : host;
        return request.headers().getAll(ORIGIN).stream().anyMatch(origin -> !isOwn(origin, own, request.isSSL()));
    }

    /**
     * A page over https may be of this listener behind a proxy that terminates TLS; not so a page over http if it has
     * TLS.
     */
    private static boolean isOwn(String origin, @Nullable String authority, boolean encrypted) {
        try {
            URI page = new URI(origin);
            String scheme = String.valueOf(page.getScheme());
            if (authority == null || !(scheme.equals("https") || (scheme.equals("http") && !encrypted))) {
                return false;
            }
            URI asked = new URI(scheme + "://" + authority);
            return page.getHost() != null
                    && page.getHost().toLowerCase(Locale.ROOT).equals(lower(asked.getHost()))
                    && port(page) == port(asked);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static @Nullable String lower(@Nullable String host) {
        return host == null ? null : host.toLowerCase(Locale.ROOT);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
