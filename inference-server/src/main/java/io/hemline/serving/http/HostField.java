package io.hemline.serving.http;

import io.netty.util.NetUtil;

/**
 * The syntax of {@code Host}: a name or an address, optionally with a port (RFC 9110, section 7.2; RFC 3986, section
 * 3.2.2).
 */
final class HostField {

    private static final String MARKS = "-._~!$&'()*+,;=";
    private static final int MAX_PORT = 65_535;

    private HostField() {}

    /** Whether a text is a host, optionally with a port; an empty one is not. */
    static boolean isValid(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        if (end < 0) {
            return isName(host, host.length());
        }
        boolean named = host.startsWith("[") ? isAddress(host, end) : isName(host, end);
        return named && (end == host.length() || (host.charAt(end) == ':' && isPort(host, end + 1)));
    }

    private static boolean isName(String host, int end) {
        int i = 0;
        while (i < end) {
            char c = host.charAt(i);
            if (c == '%' && i + 2 < end && isHex(host.charAt(i + 1)) && isHex(host.charAt(i + 2))) {
                i += 3;
            } else if (isLetterOrDigit(c) || MARKS.indexOf(c) >= 0) {
                i++;
            } else {
                return false;
            }
        }
        return end > 0;
    }

    private static boolean isAddress(String host, int end) {
        for (int i = 1; i < end - 1; i++) {
            char c = host.charAt(i);
            if (!isHex(c) && c != ':' && c != '.') {
                return false;
            }
        }
        return end > 2 && NetUtil.isValidIpV6Address(host.substring(1, end - 1));
    }

    /** A colon without a port is valid. */
    private static boolean isPort(String host, int start) {
        int port = 0;
        for (int i = start; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = Math.min(10 * port + c - '0', MAX_PORT + 1);
        }
        return port <= MAX_PORT;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
