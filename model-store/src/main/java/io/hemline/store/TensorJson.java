package io.hemline.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tensors in the JSON of the Open Inference Protocol v2:
 * {@code {"name": "x", "datatype": "FP32", "shape": [2, 2], "data": [1, 2, 3, 4]}}, data flat or nested, row-major,
 * BYTES as base64 since JSON has no bytes. Reading and writing stream; memory grows with the text and never with a
 * claimed shape. Immutable.
 */
public final class TensorJson {

    /** Parsers that refuse duplicate members, and generators that write floats in shortest decimal. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private TensorJson() {}

    /**
     * Reads one tensor from its opening brace to its closing one. Throws {@link TensorRejected} for a tensor that does
     * not match its declaration, {@code JsonParseException} for a text that is not JSON.
     */
    public static Tensor read(JsonParser parser) throws IOException {
        return new TensorReader(parser, TensorTail.none()).read();
    }

    /** Reads an array of tensors with different names from its opening bracket. */
    public static List<Tensor> readAll(JsonParser parser) throws IOException {
        return readAll(parser, TensorTail.none());
    }

    /** Reads an array of tensors, some of which have their data in the bytes after the text. */
    public static List<Tensor> readAll(JsonParser parser, TensorTail tail) throws IOException {
        if (!parser.isExpectedStartArrayToken()) {
            throw new TensorRejected("tensors must be a JSON array, not " + TensorReader.describe(parser));
        }
        List<Tensor> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Tensor tensor = new TensorReader(parser, tail).read();
            if (!names.add(tensor.name())) {
                throw new TensorRejected("tensor \"" + tensor.name() + "\" is there twice");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    /** Writes one tensor with flat data. Throws {@link TensorRejected} for a value that JSON cannot represent. */
    public static void write(Tensor tensor, JsonGenerator generator) throws IOException {
        generator.enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER.mappedFeature());
        generator.writeStartObject();
        writeHead(tensor, generator);
        generator.writeArrayFieldStart("data");
        writeData(tensor, generator);
        generator.writeEndArray();
        generator.writeEndObject();
    }

    /**
     * Writes one tensor without data; the caller appends {@link Tensor#data} after the text, in the order of these
     * calls.
     */
    public static void writeBinary(Tensor tensor, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        writeHead(tensor, generator);
        generator.writeObjectFieldStart("parameters");
        generator.writeNumberField(TensorReader.BINARY_SIZE, tensor.data().remaining());
        generator.writeEndObject();
        generator.writeEndObject();
    }

    private static void writeHead(Tensor tensor, JsonGenerator generator) throws IOException {
        generator.writeStringField("name", tensor.name());
        generator.writeStringField("datatype", tensor.datatype().name());
        generator.writeFieldName("shape");
        long[] shape = tensor.shape();
        generator.writeArray(shape, 0, shape.length);
    }

    private static void writeData(Tensor tensor, JsonGenerator generator) throws IOException {
        switch (tensor.datatype()) {
            case FP32 -> writeFloats(tensor, generator);
            case INT64 -> {
                for (LongBuffer values = tensor.longs(); values.hasRemaining(); ) {
                    generator.writeNumber(values.get());
                }
            }
            case BOOL -> {
                for (ByteBuffer values = tensor.data(); values.hasRemaining(); ) {
                    generator.writeBoolean(values.get() != 0);
                }
            }
            case UINT8 -> {
                for (ByteBuffer values = tensor.data(); values.hasRemaining(); ) {
                    generator.writeNumber(values.get() & 0xFF);
                }
            }
            case BYTES -> {
                for (ByteBuffer string : tensor.byteStrings()) {
                    byte[] bytes = new byte[string.remaining()];
                    string.get(bytes);
                    generator.writeBinary(bytes);
                }
            }
        }
    }

    private static void writeFloats(Tensor tensor, JsonGenerator generator) throws IOException {
        for (FloatBuffer values = tensor.floats(); values.hasRemaining(); ) {
            float value = values.get();
            if (!Float.isFinite(value)) {
                throw new TensorRejected(String.format(
                        Locale.ROOT,
                        "tensor \"%s\": element %d is %s, which JSON cannot write",
                        tensor.name(),
                        values.position() - 1,
                        value));
            }
            generator.writeNumber(value);
        }
    }
}
