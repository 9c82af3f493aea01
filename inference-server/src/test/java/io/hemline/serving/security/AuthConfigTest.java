package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.security.AuthConfig.JwtConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthConfigTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "localhost"})
    void requiresNoCredentialsOnLoopback(String host) {
        assertThatCode(() -> AuthConfig.defaults().requireSafe("http.host", host))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "no-such-host.invalid"})
    void namesTheSettingsForAListenerOnTheNetwork(String host) {
        assertThatThrownBy(() -> AuthConfig.defaults().requireSafe("http.host", host))
                .hasMessageContaining("http.host=" + host)
                .hasMessageContaining("auth.mode=api-key")
                .hasMessageContaining("auth.api-keys-file=FILE")
                .hasMessageContaining("./hemline keys new")
                .hasMessageContaining("auth.mode=jwt")
                .hasMessageContaining("auth.allow-anyone-on-the-network=true");
    }

    @Test
    void acceptsExplicitAnonymousAccessAndAuthenticationOnTheNetwork() {
        JwtConfig jwt = JwtConfig.defaults();

        assertThatCode(() -> {
                    new AuthConfig(AuthConfig.Mode.NONE, true, Path.of(""), jwt).requireSafe("http.host", "0.0.0.0");
                    new AuthConfig(AuthConfig.Mode.API_KEY, false, Path.of("keys"), jwt)
                            .requireSafe("http.host", "0.0.0.0");
                })
                .doesNotThrowAnyException();
    }

    @Test
    void requiresTheSettingsOfAMode() {
        assertThatThrownBy(() -> new AuthConfig(AuthConfig.Mode.API_KEY, false, Path.of(""), JwtConfig.defaults()))
                .hasMessageStartingWith("apiKeysFile: ");
        assertThatThrownBy(() -> new AuthConfig(
                        AuthConfig.Mode.JWT, false, Path.of(""), new JwtConfig("keys.json", "me", "", Duration.ZERO)))
                .hasMessage("jwt.audience: needed by mode=jwt, not empty");
    }

    @Test
    void acceptsIssuerKeysByHttpsAFileOrLoopback() {
        assertThatThrownBy(() -> new JwtConfig("http://issuer.example/keys", "", "", Duration.ZERO))
                .hasMessageStartingWith("jwks: https, or a file");
        assertThatThrownBy(() -> new JwtConfig("", "", "", Duration.ofMinutes(6)))
                .hasMessage("leeway: 0 seconds to 5 minutes, not PT6M");
        assertThat(new JwtConfig("http://127.0.0.1:9/keys", "", "", Duration.ZERO).isFetched())
                .isTrue();
        assertThat(new JwtConfig("keys.json", "", "", Duration.ZERO).isFetched())
                .isFalse();
    }
}
