package io.hemline.serving.messaging;

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
 * What Kafka's clients are told: what we would have, then the operator's file, then what must be. Nothing of it is ever
 * printed; Kafka itself hides passwords.
 */
final class KafkaSettings {

    /** A metadata request, and with it a record while no broker is known, waits no longer than this. */
    private static final String PATIENCE_MILLIS = "5000";

    private static final Map<String, Object> BOTH =
            Map.of("client.id", "hemline", "reconnect.backoff.max.ms", "1000", "enable.metrics.push", "false");

    private KafkaSettings() {}

    /** Who tells what was served: never the same record twice, whatever is repeated on the way. */
    static Map<String, Object> producer(KafkaConfig config) {
        Map<String, Object> settings = new HashMap<>(BOTH);
        settings.put("linger.ms", "20");
        settings.put("max.block.ms", PATIENCE_MILLIS);
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

    /** Who hears which features changed: belongs to no group, commits nothing. */
    static Map<String, Object> consumer(KafkaConfig config) {
        Map<String, Object> settings = new HashMap<>(BOTH);
        settings.put("default.api.timeout.ms", PATIENCE_MILLIS);
        settings.put("request.timeout.ms", PATIENCE_MILLIS);
        settings.putAll(file(config.propertiesFile()));
        settings.remove("group.id");
        settings.put("bootstrap.servers", config.bootstrapServers());
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        // Only asked for when the place that was read last has been deleted: to hear something twice does no harm.
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

    private static UncheckedIOException unusable(String why, IOException cause) {
        return new UncheckedIOException("events.kafka.properties-file: " + why, cause);
    }
}
