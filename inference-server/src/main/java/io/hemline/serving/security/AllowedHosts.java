package io.hemline.serving.security;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host names that requests to a listener may name. A browser that sends another one was directed here by a page
 * whose owner points that name at this address (DNS rebinding), and would let the page read the response.
 *
 * <p>Immutable.
 */
public final class AllowedHosts {

    /** The default list. */
    public static final String DEFAULT = "localhost";

    /** Any name, for listeners with authentication: a page of another site has no credentials. */
    public static final AllowedHosts ANY = new AllowedHosts(true, Set.of());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern PORT = Pattern.compile("(:[0-9]*)?");

    private final boolean any;
    private final Set<String> names;

    private AllowedHosts(boolean any, Set<String> names) {
        this.any = any;
        this.names = Set.copyOf(names);
    }

    /**
     * Allows the names of a list, the listener's own host, and the local address of each connection.
     *
     * @param list comma-separated names or addresses without ports
     * @param own the configured host of the listener
     */
    public static AllowedHosts of(String list, String own) {
        Set<String> names = new HashSet<>();
        names.add(canonical(own));
        for (String entry : list.split(",", -1)) {
            String name = canonical(entry.strip());
            if (!NAME.matcher(name).matches() && address(name) == null && !name.isEmpty()) {
                throw new IllegalArgumentException(
                        "allowedHosts: host names or addresses without ports, separated by commas, not "
                                + entry.strip());
            }
            names.add(name);
        }
        names.remove("");
        return new AllowedHosts(false, names);
    }

    /** Whether a request names an allowed host, or none, which no browser does. */
    public boolean allow(HttpServerRequest request) {
        if (any) {
            return true;
        }
        String local =
                request.localAddress() == null ? null : request.localAddress().hostAddress();
        // The raw headers: Vert.x has no authority for a Host that it cannot parse.
        for (String authority : request.headers().getAll(HttpHeaders.HOST)) {
            if (!allow(authority, local)) {
                return false;
            }
        }
        HostAndPort authority = request.version() == HttpVersion.HTTP_2 ? request.authority() : null;
        return authority == null || allowName(authority.host(), local);
    }

    /**
     * Whether an authority names an allowed host.
     *
     * @param authority the value of {@code Host} or {@code :authority}, with or without a port
     * @param local the local address of the connection
     */
    public boolean allow(String authority, @Nullable String local) {
        if (any) {
            return true;
        }
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        String name = end < 0 ? authority : authority.substring(0, end);
        return PORT.matcher(authority.substring(name.length())).matches() && allowName(name, local);
    }

    private boolean allowName(String host, @Nullable String local) {
        String name = canonical(host);
        return names.contains(name) || (local != null && address(name) != null && name.equals(canonical(local)));
    }

    /** The canonical form of a name or an address. */
    private static String canonical(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String name = bracketed ? host.substring(1, host.length() - 1) : host;
        InetAddress address = address(name);
        return address == null ? name.toLowerCase(Locale.ROOT) : address.getHostAddress();
    }

    private static @Nullable InetAddress address(String literal) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four or sixteen bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return any ? "any" : Arrays.toString(names.stream().sorted().toArray());
    }
}
