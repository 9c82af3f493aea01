package io.hemline.serving.admin;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AdminConfigTest {

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new AdminConfig("localhost", 70000)).hasMessage("port: 0 to 65535, not 70000");
        assertThatThrownBy(() -> new AdminConfig(" ", 1)).hasMessage("host: an address, not blank");
    }
}
