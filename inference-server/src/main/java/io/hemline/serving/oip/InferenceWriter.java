package io.hemline.serving.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.InferRequest;
import io.hemline.serving.core.Inference;
import io.hemline.serving.http.Representation;
import io.hemline.store.Tensor;
import io.hemline.store.TensorJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes the answer to an infer request: text, and behind it the bytes of the outputs that were wished so. */
final class InferenceWriter {

    /** Four bytes of a float are about twelve characters. */
    private static final int TEXT_A_BYTE = 3;

    private static final String OCTETS = "application/octet-stream";

    private InferenceWriter() {}

    /** About how many bytes it will be. */
    static long bytes(InferRequest request, Inference inference) {
        long bytes = 0;
        for (Tensor output : inference.outputs()) {
            bytes += (request.binary(output.name()) ? 1L : TEXT_A_BYTE)
                    * output.data().remaining();
        }
        return bytes;
    }

    /** The answer of a model. */
    static Representation write(String model, InferRequest request, Inference inference) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = TensorJson.FACTORY.createGenerator(bytes)) {
            writeText(json, model, request, inference);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        }
        int textLength = bytes.size();
        boolean anyBinary = false;
        for (Tensor output : inference.outputs()) {
            if (request.binary(output.name())) {
                anyBinary = true;
                byte[] data = new byte[output.data().remaining()];
                output.data().get(data);
                bytes.writeBytes(data);
            }
        }
        if (!anyBinary) {
            return Representation.passing(Representation.JSON, bytes.toByteArray());
        }
        return Representation.passing(
                OCTETS, bytes.toByteArray(), Map.of(InferRequestBody.TEXT_LENGTH, Integer.toString(textLength)));
    }

    private static void writeText(JsonGenerator json, String model, InferRequest request, Inference inference)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", model);
        json.writeStringField("model_version", inference.version());
        String id = request.id();
        if (id != null) {
            json.writeStringField("id", id);
        }
        json.writeArrayFieldStart("outputs");
        for (Tensor output : inference.outputs()) {
            if (request.binary(output.name())) {
                TensorJson.writeBinary(output, json);
            } else {
                TensorJson.write(output, json);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
