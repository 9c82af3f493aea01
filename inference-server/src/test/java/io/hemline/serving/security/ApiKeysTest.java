package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.security.Client.Scope;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiKeysTest {

    private static final String HASH = "a".repeat(64);

    private final ApiKey key = ApiKey.generate(new SecureRandom());

    @Test
    void findTheClientOfAKey() {
        ApiKeys keys = ApiKeys.read("# clients\n\n" + key.line("shop", Set.of(Scope.FORECAST_READ)) + "\n");

        assertThat(keys.client(key.reveal())).isEqualTo(new Client("shop", Set.of(Scope.FORECAST_READ)));
        assertThat(keys.client(key.reveal() + "x")).isNull();
        assertThat(keys.client("")).isNull();
        assertThat(keys.client("x".repeat(20_000))).isNull();
    }

    @Test
    void acceptSeveralKeysOfAClient() {
        ApiKey second = ApiKey.generate(new SecureRandom());
        Set<Scope> both = Set.of(Scope.MODEL_WRITE, Scope.FORECAST_READ);

        ApiKeys keys = ApiKeys.read(key.line("ops", both) + "\n" + second.line("ops", Set.of(Scope.EDGE)));

        assertThat(keys.client(key.reveal())).isEqualTo(new Client("ops", both));
        assertThat(keys.client(second.reveal())).isEqualTo(new Client("ops", Set.of(Scope.EDGE)));
    }

    @Test
    void have256BitsThatTheirLineDoesNotReveal() {
        String line = key.line("shop", Set.of(Scope.MODEL_WRITE, Scope.FORECAST_READ));

        assertThat(key.reveal()).matches("hk_[A-Za-z0-9_-]{43}");
        assertThat(line)
                .matches("shop forecast:read,model:write [0-9a-f]{64}")
                .doesNotContain(key.reveal().substring(3));
        assertThat(key.toString()).doesNotContain(key.reveal().substring(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop forecast:read                | line 2: client, scopes and SHA-256",
                "shop forecast:write HASH          | line 2: the scopes are some of forecast:read, model:write",
                "shop forecast:read, HASH          | line 2: the scopes are some of",
                "shop forecast:read hk_secretsecret| line 2: the SHA-256 of the key has 64 hexadecimal digits",
                "sh\u00f6p forecast:read HASH      | line 2: the client has 1 to 128 printable ASCII characters",
                "other edge HASH                   | line 2: this key is in the file already"
            })
    void nameTheInvalidLineWithoutItsKey(String line, String message) {
        String text = "shop forecast:read " + HASH + "\n" + line.replace("HASH", HASH);

        assertThatThrownBy(() -> ApiKeys.read(text))
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("secretsecret");
    }
}
