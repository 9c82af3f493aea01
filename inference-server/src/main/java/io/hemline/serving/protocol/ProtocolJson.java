package io.hemline.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.http.Representation;
import io.hemline.store.TensorJson;
import io.hemline.store.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the answers of the protocol. None is kept by caches. */
final class ProtocolJson {

    private static final String PLATFORM = "onnx_onnxv1";

    private ProtocolJson() {}

    /** {@code {"live": true}}, and the like. */
    static Representation flags(String... names) {
        return write(json -> {
            for (String name : names) {
                json.writeBooleanField(name, true);
            }
        });
    }

    static Representation server(String name, String version) {
        return write(json -> {
            json.writeStringField("name", name);
            json.writeStringField("version", version);
            json.writeArrayFieldStart("extensions");
            json.writeEndArray();
        });
    }

    static Representation modelReady(String name) {
        return write(json -> {
            json.writeStringField("name", name);
            json.writeBooleanField("ready", true);
        });
    }

    static Representation model(TensorModel model) {
        return write(json -> {
            json.writeStringField("name", model.name());
            json.writeFieldName("versions");
            String[] versions = model.versions().toArray(new String[0]);
            json.writeArray(versions, 0, versions.length);
            json.writeStringField("platform", PLATFORM);
            writeSpecs(json, "inputs", model.inputs());
            writeSpecs(json, "outputs", model.outputs());
            json.writeObjectFieldStart("properties");
            for (Map.Entry<String, String> property : new TreeMap<>(model.properties()).entrySet()) {
                json.writeStringField(property.getKey(), property.getValue());
            }
            json.writeEndObject();
        });
    }

    /** The answer to an infer request. */
    static Representation inference(String model, @Nullable String id, Inference inference) {
        return write(json -> {
            json.writeStringField("model_name", model);
            json.writeStringField("model_version", inference.version());
            if (id != null) {
                json.writeStringField("id", id);
            }
            json.writeFieldName("outputs");
            TensorJson.writeAll(inference.outputs(), json);
        });
    }

    private static void writeSpecs(JsonGenerator json, String field, List<TensorSpec> specs) throws IOException {
        json.writeArrayFieldStart(field);
        for (TensorSpec spec : specs) {
            json.writeStartObject();
            json.writeStringField("name", spec.name());
            json.writeStringField("datatype", spec.datatype().name());
            json.writeArrayFieldStart("shape");
            for (long dimension : spec.shape()) {
                json.writeNumber(dimension);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static Representation write(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = TensorJson.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            members.writeTo(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        }
        return Representation.passing(Representation.JSON, bytes.toByteArray());
    }

    @FunctionalInterface
    private interface Members {

        void writeTo(JsonGenerator json) throws IOException;
    }
}
