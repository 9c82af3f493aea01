package io.hemline.serving.oip.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import org.junit.jupiter.api.Test;

class GrpcConfigTest {

    @Test
    void isOnUnlessThePortIsMinusOne() {
        assertThat(GrpcConfig.defaults().on()).isTrue();
        assertThat(new GrpcConfig(-1).on()).isFalse();
    }

    @Test
    void namesTheValueThatItRefuses() {
        assertThatThrownBy(() -> new GrpcConfig(-2)).hasMessage("port: 0 to 65535, or -1 for no gRPC, not -2");
        assertThatThrownBy(() -> new GrpcConfig(65_536)).hasMessageContaining("65536");
    }
}
