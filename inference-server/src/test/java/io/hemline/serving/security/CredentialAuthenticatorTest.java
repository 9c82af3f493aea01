package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.security.AccessDenied.Reason;
import io.vertx.core.MultiMap;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CredentialAuthenticatorTest {

    private final ApiKey shop = ApiKey.make(new SecureRandom());
    private final ApiKey worker = ApiKey.make(new SecureRandom());
    private final ApiKeys keys = ApiKeys.read(
            shop.line("shop", Set.of(Scope.FORECAST_READ)) + "\n" + worker.line("worker", Set.of(Scope.EDGE)));
    private final CredentialAuthenticator gate = new CredentialAuthenticator(() -> keys, null);

    @Test
    void knowsAKeyInEitherHeader() {
        Client expected = new Client("shop", Set.of(Scope.FORECAST_READ));

        assertThat(gate.known(headers("x-api-key", shop.reveal()))).isEqualTo(expected);
        assertThat(gate.known(headers("Authorization", "bearer " + shop.reveal())))
                .isEqualTo(expected);
        assertThat(gate.admit(headers("X-API-Key", shop.reveal())).result()).isEqualTo(expected);
    }

    @Test
    void asksForAKeyAndTellsAWrongOne() {
        AccessDenied none = denied(MultiMap.caseInsensitiveMultiMap());
        AccessDenied wrong = denied(headers("X-API-Key", "hk_wrong"));
        AccessDenied basic = denied(headers("Authorization", "Basic eDp5"));

        assertThat(none.reason()).isEqualTo(Reason.UNKNOWN);
        assertThat(none).hasMessage("Send an API key in X-API-Key.");
        assertThat(none.challenge()).isEqualTo("Bearer realm=\"hemline\"");
        assertThat(wrong).hasMessage("The API key is not known.");
        assertThat(wrong.challenge()).contains("invalid_token");
        assertThat(basic).hasMessage("Send an API key in X-API-Key.");
    }

    @Test
    void hearsFromTheEdgeAloneWhomItAsksFor() {
        MultiMap edge = headers("X-API-Key", worker.reveal()).add("Hemline-Client", "boutique 7");
        MultiMap other = headers("X-API-Key", shop.reveal()).add("Hemline-Client", "boutique 7");

        assertThat(gate.known(edge)).isEqualTo(new Client("boutique 7", Set.of(Scope.FORECAST_READ)));
        assertThat(gate.admit(edge).result()).isEqualTo(gate.known(edge));
        assertThat(gate.known(other)).extracting(Client::id).isEqualTo("shop");
        assertThat(gate.known(headers("X-API-Key", worker.reveal())))
                .isEqualTo(new Client("worker", Set.of(Scope.EDGE)));
    }

    @Test
    void refusesAnIdOfTheEdgeThatIsNone() {
        MultiMap edge = headers("X-API-Key", worker.reveal()).add("Hemline-Client", "x".repeat(129));

        assertThat(gate.known(edge)).isNull();
        assertThat(denied(edge).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(denied(edge)).hasMessageContaining("Hemline-Client").hasMessageContaining("128");
    }

    private AccessDenied denied(MultiMap headers) {
        assertThat(gate.known(headers)).isNull();
        return (AccessDenied) gate.admit(headers).cause();
    }

    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }
}
