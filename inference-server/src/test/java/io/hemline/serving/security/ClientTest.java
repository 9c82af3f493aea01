package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.security.Client.Scope;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientTest {

    @Test
    void hasThePermissionsOfItsScopes() {
        Client reader = new Client("shop", Set.of(Scope.FORECAST_READ));

        assertThat(reader.may(Scope.FORECAST_READ)).isTrue();
        assertThat(reader.may(Scope.MODEL_WRITE)).isFalse();
        assertThat(reader.may(Scope.EDGE)).isFalse();
    }

    @Test
    void theEdgeMayReadForecasts() {
        Client edge = new Client("worker", Set.of(Scope.EDGE));

        assertThat(edge.may(Scope.FORECAST_READ)).isTrue();
        assertThat(edge.may(Scope.MODEL_WRITE)).isFalse();
    }

    @Test
    void hasAnIdOfPrintableCharacters() {
        assertThatThrownBy(() -> new Client("", Set.of())).hasMessageContaining("1 to 128");
        assertThatThrownBy(() -> new Client("a\nb", Set.of())).hasMessageContaining("1 to 128");
        assertThat(Client.isId("x".repeat(129))).isFalse();
        assertThat(Client.isId("auth0|12 34")).isTrue();
    }
}
