package io.hemline.serving.http.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI document of a server. */
public final class ApiDocument {

    private static final String BASE = "https://hemline.test/openapi.json";

    private final JsonNode root;
    private final JsonSchemaFactory schemas;

    private ApiDocument(String json) {
        try {
            root = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
        schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(iri -> iri.equals(BASE) ? json : null)));
    }

    /** The document that the listener serves. */
    public static ApiDocument of(TestListener listener) {
        return new ApiDocument(listener.get("/openapi.json").body());
    }

    public JsonNode root() {
        return root;
    }

    public JsonNode at(String pointer) {
        return root.at(pointer);
    }

    /** Every method and path, such as {@code GET /v2}. */
    public Set<String> operations() {
        Set<String> all = new TreeSet<>();
        root.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return all;
    }

    /** What a schema of the document has against a JSON text. */
    public Set<ValidationMessage> validate(String pointer, String json) {
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        return schemas.getSchema(SchemaLocation.of(BASE + "#" + pointer), config)
                .validate(json, InputFormat.JSON);
    }
}
