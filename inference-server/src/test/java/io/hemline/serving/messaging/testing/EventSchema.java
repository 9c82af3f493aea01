package io.hemline.serving.messaging.testing;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The JSON Schema of a topic, from the repository. */
public final class EventSchema {

    private static final Path SCHEMAS = Path.of("../model-store/schema");

    private final JsonSchema schema;

    private EventSchema(JsonSchema schema) {
        this.schema = schema;
    }

    public static EventSchema of(String topic) {
        try {
            String text = Files.readString(SCHEMAS.resolve(topic + ".schema.json"));
            return new EventSchema(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The violations of the schema in an event; empty for a valid one. */
    public List<String> violations(String event) {
        return schema
                .validate(
                        event,
                        InputFormat.JSON,
                        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
                .stream()
                .map(Object::toString)
                .toList();
    }
}
