package io.hemline.serving.security;

import io.netty.util.NetUtil;

/**
 * Under which network a client without a name is counted: an IPv4 address as it is, an IPv6 address by its first 64 bits,
 * which is the least that one subscriber gets (RFC 6177), so that nobody evades a quota by another address of the same
 * subnet. nginx and the edge count alike; {@code model-store/fixtures/client-networks.json} binds the languages.
 */
final class ClientNetwork {

    private static final int IPV6_BYTES = 16;
    private static final int IPV6_PREFIX_GROUPS = 4;
    private static final int IPV4_MAPPED_BYTES = 12;

    private ClientNetwork() {}

    /** The network of an address as a socket names it; what is no address counts as itself. */
    static String of(String address) {
        byte[] bytes = address.indexOf(':') < 0 ? null : NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != IPV6_BYTES) {
            return address;
        }
        if (isMappedIpv4(bytes)) {
            return NetUtil.bytesToIpAddress(bytes, IPV4_MAPPED_BYTES, IPV6_BYTES - IPV4_MAPPED_BYTES);
        }
        StringBuilder network = new StringBuilder();
        for (int group = 0; group < IPV6_PREFIX_GROUPS; group++) {
            network.append(Integer.toHexString(((bytes[2 * group] & 0xff) << 8) | (bytes[2 * group + 1] & 0xff)))
                    .append(':');
        }
        return network.append(":/64").toString();
    }

    private static boolean isMappedIpv4(byte[] bytes) {
        for (int i = 0; i < IPV4_MAPPED_BYTES - 2; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[IPV4_MAPPED_BYTES - 2] == -1 && bytes[IPV4_MAPPED_BYTES - 1] == -1;
    }
}
