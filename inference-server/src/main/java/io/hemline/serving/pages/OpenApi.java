package io.hemline.serving.pages;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.JsonOutput;
import io.hemline.serving.http.Representation;
import io.hemline.serving.http.Resource;
import io.hemline.serving.pages.Pages.ClassPathFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The OpenAPI document, maintained in YAML and served in YAML and JSON.
 *
 * <p>Thread-safe: {@code json} is volatile, made at its first use, and may be made twice.
 */
public final class OpenApi {

    private static final String FILE = "openapi.yaml";
    private static final Map<String, String> HEADERS = Map.of("Cache-Control", "public, max-age=60");

    private volatile @Nullable Representation json;

    public List<Resource> resources() {
        Representation yaml = Representation.tagged("application/yaml", ClassPathFile.read(FILE), HEADERS);
        return List.of(
                Resource.get("/openapi.json", this::answerJson).withoutAuthentication(),
                Resource.get("/openapi.yaml", exchange -> exchange.answer(yaml)).withoutAuthentication());
    }

    private void answerJson(Exchange exchange) {
        Representation made = json;
        if (made != null) {
            exchange.answer(made);
            return;
        }
        exchange.answerWritten(
                () -> {
                    Representation written =
                            Representation.tagged(Representation.JSON, toJson(ClassPathFile.read(FILE)), HEADERS);
                    json = written;
                    return written;
                },
                Long.MAX_VALUE);
    }

    /** The document in JSON. */
    static byte[] toJson(byte[] yaml) {
        Object document =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(yaml, StandardCharsets.UTF_8));
        return JsonOutput.write(json -> write(json, document));
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                json.writeFieldName(String.valueOf(member.getKey()));
                write(json, member.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            json.writeObject(value);
        } else {
            throw new IllegalStateException("a date or time needs quotes in " + FILE + ": " + value);
        }
    }
}
