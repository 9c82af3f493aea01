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
 * Tells requests that a browser sends for a page of another origin. Browsers say so in {@code Origin} and, to addresses
 * that they trust, in {@code Sec-Fetch-Site}; no page can change either. Other clients send neither.
 */
public final class CrossSite {

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final String SITE = "Sec-Fetch-Site";
    private static final String ORIGIN = "Origin";

    private CrossSite() {}

    /** Whether the method may change something (RFC 9110, section 9.2.1). */
    public static boolean isUnsafe(HttpServerRequest request) {
        return !SAFE.contains(request.method());
    }

    /** Whether it may change something and a page of another origin sent it; either header tells. */
    public static boolean isForeign(HttpServerRequest request) {
        return isUnsafe(request) && (isSaidForeign(request.headers()) || hasForeignOrigin(request));
    }

    /**
     * The same where pages of some other origins may ask, and where a proxy may have changed {@code Host}, so that the
     * browser is believed that the page is the listener's own.
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
        return headers.contains(SITE) ? isSaidForeign(headers) : hasForeignOrigin(request);
    }

    private static boolean isSaidForeign(MultiMap headers) {
        return headers.getAll(SITE).stream().anyMatch(site -> !OWN_SITE.contains(site));
    }

    private static boolean hasForeignOrigin(HttpServerRequest request) {
        String host = request.headers().get("Host");
        String own = host == null && request.authority() != null
                ? request.authority().toString()
                : host;
        return request.headers().getAll(ORIGIN).stream().anyMatch(origin -> !isOwn(origin, own, request.isSSL()));
    }

    /** A page that came encrypted may stand before a proxy that ends TLS; the other way round it is not the same. */
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
