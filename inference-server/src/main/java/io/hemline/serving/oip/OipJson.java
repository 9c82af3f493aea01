package io.hemline.serving.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.http.Representation;
import io.hemline.serving.tensors.ModelStatistics;
import io.hemline.serving.tensors.ModelStatistics.Batch;
import io.hemline.serving.tensors.ModelStatistics.Total;
import io.hemline.serving.tensors.TensorModel;
import io.hemline.serving.tensors.TensorModels.IndexEntry;
import io.hemline.store.TensorJson;
import io.hemline.store.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the responses of the protocol, none of them cacheable. */
final class OipJson {

    private OipJson() {}

    /** An object with members that are true, such as {@code {"live": true}}. */
    static Representation flags(String... names) {
        return write(json -> {
            for (String name : names) {
                json.writeBooleanField(name, true);
            }
        });
    }

    static Representation server(ServerIdentity server) {
        return write(json -> {
            json.writeStringField("name", server.name());
            json.writeStringField("version", server.version());
            json.writeFieldName("extensions");
            String[] extensions = server.extensions().toArray(new String[0]);
            json.writeArray(extensions, 0, extensions.length);
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
            json.writeStringField("platform", TensorModel.PLATFORM);
            writeSpecs(json, "inputs", model.inputs());
            writeSpecs(json, "outputs", model.outputs());
            json.writeObjectFieldStart("properties");
            for (Map.Entry<String, String> property : new TreeMap<>(model.properties()).entrySet()) {
                json.writeStringField(property.getKey(), property.getValue());
            }
            json.writeEndObject();
        });
    }

    /** The versions in the repository, as a bare array. */
    static Representation index(List<IndexEntry> entries) {
        return text(json -> {
            json.writeStartArray();
            for (IndexEntry entry : entries) {
                json.writeStartObject();
                json.writeStringField("name", entry.name());
                json.writeStringField("version", entry.version());
                json.writeStringField("state", entry.state().name());
                json.writeStringField("reason", entry.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** The statistics of versions. Tensors use no cache, so its hits and misses are 0. */
    static Representation statistics(List<ModelStatistics> models) {
        return write(json -> {
            json.writeArrayFieldStart("model_stats");
            for (ModelStatistics model : models) {
                json.writeStartObject();
                writeStatistics(json, model);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void writeStatistics(JsonGenerator json, ModelStatistics model) throws IOException {
        json.writeStringField("name", model.name());
        json.writeStringField("version", model.version());
        json.writeNumberField("last_inference", model.lastInferenceMillis());
        json.writeNumberField("inference_count", model.rows());
        json.writeNumberField("execution_count", model.sum(Batch::infer).count());
        json.writeObjectFieldStart("inference_stats");
        writeTotal(json, "success", model.success());
        writeTotal(json, "fail", model.fail());
        writeTotal(json, "queue", model.queue());
        writeCompute(json, model.sum(Batch::input), model.sum(Batch::infer), model.sum(Batch::output));
        writeTotal(json, "cache_hit", Total.NONE);
        writeTotal(json, "cache_miss", Total.NONE);
        json.writeEndObject();
        json.writeArrayFieldStart("batch_stats");
        for (Batch batch : model.batches()) {
            json.writeStartObject();
            json.writeNumberField("batch_size", batch.rows());
            writeCompute(json, batch.input(), batch.infer(), batch.output());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeCompute(JsonGenerator json, Total input, Total infer, Total output) throws IOException {
        writeTotal(json, "compute_input", input);
        writeTotal(json, "compute_infer", infer);
        writeTotal(json, "compute_output", output);
    }

    private static void writeTotal(JsonGenerator json, String name, Total total) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", total.count());
        json.writeNumberField("ns", total.nanos());
        json.writeEndObject();
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
        return text(json -> {
            json.writeStartObject();
            members.writeTo(json);
            json.writeEndObject();
        });
    }

    private static Representation text(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = TensorJson.FACTORY.createGenerator(bytes)) {
            members.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        }
        return Representation.uncacheable(Representation.JSON, bytes.toByteArray());
    }

    @FunctionalInterface
    private interface Members {

        void writeTo(JsonGenerator json) throws IOException;
    }
}
