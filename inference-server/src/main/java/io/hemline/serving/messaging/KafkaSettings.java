package io.hemline.serving.messaging;

import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Settings of Kafka's clients: the server's defaults, then the operator's file, then the settings that must not change.
 * They are never printed; Kafka itself hides passwords.
 */
public final class KafkaSettings {

    /** Bounds a metadata request, and so the time that a send blocks while no broker is known. */
    private static final String REQUEST_TIMEOUT_MILLIS = "5000";

    private static final Map<String, Object> COMMON =
            Map.of("client.id", "hemline", "reconnect.backoff.max.ms", "1000", "enable.metrics.push", "false");

    private KafkaSettings() {}

    /** A producer: idempotent, so that retries write no duplicates. */
    public static Map<String, Object> producer(KafkaConfig config) {
        Map<String, Object> settings = new HashMap<>(COMMON);
        settings.put("linger.ms", "20");
        settings.put("max.block.ms", REQUEST_TIMEOUT_MILLIS);
        settings.put("request.timeout.ms", "10000");
        settings.put("delivery.timeout.ms", "60000");
        settings.put("buffer.memory", Integer.toString(16 << 20));
        settings.putAll(file(config.propertiesFile()));
        settings.put("bootstrap.servers", config.bootstrapServers());
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        return checked(settings, () -> new ProducerConfig(new HashMap<>(settings)));
    }

    /** The consumer of updated features: without a group and without commits. */
    static Map<String, Object> consumer(KafkaConfig config) {
        Map<String, Object> settings = new HashMap<>(COMMON);
        settings.put("default.api.timeout.ms", REQUEST_TIMEOUT_MILLIS);
        settings.put("request.timeout.ms", REQUEST_TIMEOUT_MILLIS);
        settings.putAll(file(config.propertiesFile()));
        settings.remove("group.id");
        settings.put("bootstrap.servers", config.bootstrapServers());
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        // Applies only when the records at the current offset were deleted: reading an event twice is harmless.
        settings.put("auto.offset.reset", "earliest");
        settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
        return checked(settings, () -> new ConsumerConfig(new HashMap<>(settings)));
    }

    private static Map<String, Object> checked(Map<String, Object> settings, Runnable check) {
        try {
            check.run();
            return settings;
        } catch (ConfigException e) {
            throw unusable(String.valueOf(e.getMessage()), new IOException(e));
        }
    }

    private static Map<String, Object> file(Path file) {
        if (file.toString().isEmpty()) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw unusable(e.toString(), e);
        } catch (IllegalArgumentException e) {
            throw unusable(file + " is no properties file", new IOException(e));
        }
        Map<String, Object> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    private static UncheckedIOException unusable(String reason, IOException cause) {
        return new UncheckedIOException("events.kafka.properties-file: " + reason, cause);
    }
}
