package io.hemline.serving.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void appliesTheFilesCredentialsToBothClients() throws IOException {
        KafkaConfig config = config("""
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="a" password="hush";
                """);

        assertThat(KafkaSettings.producer(config)).containsEntry("security.protocol", "SASL_SSL");
        assertThat(KafkaSettings.consumer(config)).containsEntry("sasl.mechanism", "SCRAM-SHA-512");
        assertThat(config.toString()).doesNotContain("hush");
    }

    @Test
    void letsTheFileChangeDefaultsButNotFixedSettings() throws IOException {
        KafkaConfig config = config("""
                linger.ms=5
                acks=1
                enable.idempotence=false
                enable.auto.commit=true
                group.id=shared
                bootstrap.servers=elsewhere:9092
                """);

        assertThat(KafkaSettings.producer(config))
                .containsEntry("linger.ms", "5")
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .containsEntry("bootstrap.servers", "here:9092");
        assertThat(KafkaSettings.consumer(config))
                .containsEntry("enable.auto.commit", "false")
                .doesNotContainKey("group.id");
    }

    @Test
    void namesAnInvalidSetting() throws IOException {
        KafkaConfig config = config("linger.ms=soon\n");

        assertThatThrownBy(() -> KafkaSettings.producer(config))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("events.kafka.properties-file")
                .hasMessageContaining("linger.ms");
    }

    @Test
    void namesAMissingFile() {
        KafkaConfig config = new KafkaConfig("here:9092", folder.resolve("none"), 1);

        assertThatThrownBy(() -> KafkaSettings.consumer(config))
                .hasMessageContaining("events.kafka.properties-file")
                .hasMessageContaining("none");
    }

    private KafkaConfig config(String properties) throws IOException {
        Path file = Files.writeString(folder.resolve("kafka.properties"), properties);
        return new KafkaConfig("here:9092", file, 1);
    }
}
