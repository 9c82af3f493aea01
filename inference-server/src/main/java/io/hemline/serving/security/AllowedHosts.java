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
 * The host names under which a listener may be asked. A browser that asks it under another name was led here by a page
 * whose owner points that name at this address (DNS rebinding), and would let the page read the answer.
 *
 * <p>Immutable.
 */
public final class AllowedHosts {

    /** What a listener allows beside its own name when it is told nothing. */
    public static final String DEFAULT = "localhost";

    /** Any name, for listeners that ask for a key: a page of another site does not have it. */
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
     * Those in a list, the listener's own, and the address that a connection came to.
     *
     * @param commaList names or addresses without ports
     * @param own the configured host of the listener
     */
    public static AllowedHosts of(String commaList, String own) {
        Set<String> names = new HashSet<>();
        names.add(plain(own));
        for (String entry : commaList.split(",", -1)) {
            String name = plain(entry.strip());
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

    /** Whether the request names an allowed host, or none at all, as no browser does. */
    public boolean allow(HttpServerRequest request) {
        if (any) {
            return true;
        }
        String local =
                request.localAddress() == null ? null : request.localAddress().hostAddress();
        // As it came, for a Host that cannot be parsed is no authority to Vert.x.
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
     * @param authority what stands in {@code Host} or {@code :authority}, a name with or without a port
     * @param local the address that the connection came to
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
        String name = plain(host);
        return names.contains(name) || (local != null && address(name) != null && name.equals(plain(local)));
    }

    /** The one spelling of a name or an address. */
    private static String plain(String host) {
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
