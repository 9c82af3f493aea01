package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.config.Secret;
import java.net.URI;
import org.junit.jupiter.api.Test;

class PostgresConfigTest {

    @Test
    void neverPrintsThePassword() {
        PostgresConfig config = at("postgresql://db/hemline", "hush");

        assertThat(config.toString()).doesNotContain("hush").contains("(set)");
        assertThat(config.port()).isEqualTo(5432);
        assertThat(config.database()).isEqualTo("hemline");
    }

    @Test
    void rejectsAUrlWithAPasswordWithoutRepeatingIt() {
        assertThatThrownBy(() -> at("postgresql://me:hush@db/hemline", ""))
                .hasMessageStartingWith("url: ")
                .hasMessageNotContaining("hush");
    }

    @Test
    void rejectsOtherUrls() {
        for (String url : new String[] {
            "jdbc:postgresql://db/hemline", "http://db/hemline", "postgresql://db", "postgresql://db/x?sslmode=require"
        }) {
            assertThatThrownBy(() -> at(url, ""))
                    .hasMessageContaining("such as postgresql://127.0.0.1:5432/hemline")
                    .hasMessageContaining(url);
        }
    }

    private static PostgresConfig at(String url, String password) {
        PostgresConfig defaults = PostgresConfig.defaults();
        return new PostgresConfig(
                URI.create(url),
                "me",
                Secret.of(password),
                defaults.poolSize(),
                defaults.timeout(),
                defaults.refresh(),
                defaults.maxBytes());
    }
}
