package io.hemline.serving.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.http.Representation;
import io.hemline.serving.tensors.TensorModels.Inference;
import io.hemline.store.Tensor;
import io.hemline.store.TensorJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes the response to an infer request: JSON, followed by the bytes of the outputs requested as binary. */
final class InferenceWriter {

    /** The four bytes of a float are about twelve characters. */
    private static final int CHARACTERS_PER_BYTE = 3;

    private static final String OCTETS = "application/octet-stream";

    private InferenceWriter() {}

    /** The approximate length of the response. */
    static long bytes(InferRequest request, Inference inference) {
        long bytes = 0;
        for (Tensor output : inference.outputs()) {
            bytes += (request.binary(output.name()) ? 1L : CHARACTERS_PER_BYTE)
                    * output.data().remaining();
        }
        return bytes;
    }

    /** The response of a model. */
    static Representation write(String model, InferRequest request, Inference inference) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = TensorJson.FACTORY.createGenerator(bytes)) {
            writeJson(json, model, request, inference);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        }
        int jsonLength = bytes.size();
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
            return Representation.uncacheable(Representation.JSON, bytes.toByteArray());
        }
        return Representation.uncacheable(
                OCTETS, bytes.toByteArray(), Map.of(InferRequestBody.JSON_LENGTH, Integer.toString(jsonLength)));
    }

    private static void writeJson(JsonGenerator json, String model, InferRequest request, Inference inference)
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
