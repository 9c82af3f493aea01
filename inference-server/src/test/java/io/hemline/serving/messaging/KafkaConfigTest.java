package io.hemline.serving.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigTest {

    @Test
    void isDisabledWithoutBrokers() {
        assertThat(KafkaConfig.defaults().enabled()).isFalse();
    }

    @Test
    void isEnabledByOneBrokerOrMore() {
        assertThat(new KafkaConfig("a:9092", Path.of(""), 1).enabled()).isTrue();
        assertThat(new KafkaConfig("a:9092,b.example:9093", Path.of(""), 1).enabled())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", "a:9092,", "a:9092, b:9092", "user:hush@a:9092", "http://a:9092"})
    void namesInvalidBrokers(String servers) {
        assertThatThrownBy(() -> new KafkaConfig(servers, Path.of(""), 1))
                .hasMessage("bootstrapServers: such as kafka-1:9092,kafka-2:9092, not " + servers);
    }

    @Test
    void limitsTheBuffer() {
        assertThatThrownBy(() -> new KafkaConfig("", Path.of(""), 0)).hasMessage("buffer: 1 to 1000000, not 0");
    }
}
