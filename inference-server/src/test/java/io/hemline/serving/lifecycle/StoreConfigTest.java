package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreConfigTest {

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new StoreConfig("s", "trend", Channel.STABLE, Duration.ZERO))
                .hasMessage("poll: 10 ms to 1 h, not PT0S");
        assertThatThrownBy(() -> new StoreConfig(" ", "trend", Channel.STABLE, Duration.ofSeconds(1)))
                .hasMessage("url: the folder of a store or s3://bucket/prefix, not blank");
        assertThatThrownBy(() -> signed(true, " "))
                .hasMessage("require-signature: true needs public-keys, the PEM files of those who may sign");
    }

    @Test
    void opensTheStoreWithTheNamedPublicKeys() {
        String fixtures = "../model-store/fixtures/signatures/";

        ModelStore store = signed(true, fixtures + "signer.pem, " + fixtures + "signer-384.pem")
                .open();

        assertThatThrownBy(() -> store.verify("trend", 1)).hasMessageContaining("it is not signed");
        assertThatThrownBy(() -> signed(false, "absent.pem").open()).hasMessageContaining("public key absent.pem");
    }

    private static StoreConfig signed(boolean required, String keys) {
        return new StoreConfig(
                "../model-store/fixtures/store/good",
                "trend",
                Channel.STABLE,
                Duration.ofSeconds(1),
                Path.of("cache"),
                required,
                keys);
    }
}
