package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    private static final String LOCAL = "127.0.0.1";

    private final AllowedHosts hosts = AllowedHosts.of("localhost, ops.example, [2001:db8::7]", "Serving-1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8081",
                "LocalHost:1",
                "ops.example:443",
                "serving-1:8081",
                "127.0.0.1",
                "127.0.0.1:8081",
                "[2001:db8::7]",
                "[2001:DB8:0::7]:8081",
                "[::ffff:127.0.0.1]:80",
            })
    void allowsItsNamesAndTheLocalAddress(String authority) {
        assertThat(hosts.allow(authority, LOCAL)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":8081",
                "evil.example",
                "localhost.evil.example",
                "localhost@evil.example",
                "evil.example:localhost",
                "localhost:8081:1",
                "localhost:x",
                "127.0.0.2",
                "127.0.0.1.evil.example",
                "[::1]",
                "[127.0.0.1",
                "localhost, evil.example",
            })
    void allowsNoOtherName(String authority) {
        assertThat(hosts.allow(authority, LOCAL)).isFalse();
    }

    @Test
    void allowsALocalAddressOfIpv6() {
        assertThat(hosts.allow("[::1]:8081", "0:0:0:0:0:0:0:1")).isTrue();
        assertThat(hosts.allow("[fe80::1]:8081", "fe80:0:0:0:0:0:0:1%eth0")).isTrue();
    }

    @Test
    void namesAnInvalidEntry() {
        assertThatThrownBy(() -> AllowedHosts.of("localhost, ops.example:8081", "localhost"))
                .hasMessageStartingWith("allowedHosts: ")
                .hasMessageEndingWith("not ops.example:8081");
        assertThatThrownBy(() -> AllowedHosts.of("*", "localhost")).hasMessageEndingWith("not *");
    }

    @Test
    void anEmptyListAllowsTheOwnNameOnly() {
        AllowedHosts own = AllowedHosts.of("", "serving-1");

        assertThat(own.allow("serving-1", LOCAL)).isTrue();
        assertThat(own.allow("localhost", LOCAL)).isFalse();
        assertThat(own.allow("", LOCAL)).isFalse();
    }
}
