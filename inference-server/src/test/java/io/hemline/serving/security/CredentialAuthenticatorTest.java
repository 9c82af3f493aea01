package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.security.AccessDenied.Reason;
import io.hemline.serving.security.Client.Scope;
import io.vertx.core.MultiMap;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CredentialAuthenticatorTest {

    private final ApiKey shop = ApiKey.generate(new SecureRandom());
    private final ApiKey worker = ApiKey.generate(new SecureRandom());
    private final ApiKeys keys = ApiKeys.read(
            shop.line("shop", Set.of(Scope.FORECAST_READ)) + "\n" + worker.line("worker", Set.of(Scope.EDGE)));
    private final CredentialAuthenticator authenticator = new CredentialAuthenticator(() -> keys, null);

    @Test
    void acceptsAKeyInEitherHeader() {
        Client expected = new Client("shop", Set.of(Scope.FORECAST_READ));

        assertThat(authenticator.tryAuthenticate(headers("x-api-key", shop.reveal())))
                .isEqualTo(expected);
        assertThat(authenticator.tryAuthenticate(headers("Authorization", "bearer " + shop.reveal())))
                .isEqualTo(expected);
        assertThat(authenticator
                        .authenticate(headers("X-API-Key", shop.reveal()))
                        .result())
                .isEqualTo(expected);
    }

    @Test
    void distinguishesMissingFromInvalidKeys() {
        AccessDenied none = denied(MultiMap.caseInsensitiveMultiMap());
        AccessDenied wrong = denied(headers("X-API-Key", "hk_wrong"));
        AccessDenied basic = denied(headers("Authorization", "Basic eDp5"));

        assertThat(none.reason()).isEqualTo(Reason.UNAUTHENTICATED);
        assertThat(none).hasMessage("Send an API key in X-API-Key.");
        assertThat(none.challenge()).isEqualTo("Bearer realm=\"hemline\"");
        assertThat(wrong).hasMessage("The API key is not known.");
        assertThat(wrong.challenge()).contains("invalid_token");
        assertThat(basic).hasMessage("Send an API key in X-API-Key.");
    }

    @Test
    void acceptsANamedClientFromTheEdgeOnly() {
        MultiMap edge = headers("X-API-Key", worker.reveal()).add("Hemline-Client", "boutique 7");
        MultiMap other = headers("X-API-Key", shop.reveal()).add("Hemline-Client", "boutique 7");

        assertThat(authenticator.tryAuthenticate(edge))
                .isEqualTo(new Client("boutique 7", Set.of(Scope.FORECAST_READ)));
        assertThat(authenticator.authenticate(edge).result()).isEqualTo(authenticator.tryAuthenticate(edge));
        assertThat(authenticator.tryAuthenticate(other)).extracting(Client::id).isEqualTo("shop");
        assertThat(authenticator.tryAuthenticate(headers("X-API-Key", worker.reveal())))
                .isEqualTo(new Client("worker", Set.of(Scope.EDGE)));
    }

    @Test
    void rejectsAnInvalidIdOfTheEdge() {
        MultiMap edge = headers("X-API-Key", worker.reveal()).add("Hemline-Client", "x".repeat(129));

        assertThat(authenticator.tryAuthenticate(edge)).isNull();
        assertThat(denied(edge).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(denied(edge)).hasMessageContaining("Hemline-Client").hasMessageContaining("128");
    }

    private AccessDenied denied(MultiMap headers) {
        assertThat(authenticator.tryAuthenticate(headers)).isNull();
        return (AccessDenied) authenticator.authenticate(headers).cause();
    }

    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }
}
