package io.hemline.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one JSON tensor, its members in any order. Confined to one thread. */
final class TensorReader {

    private static final int MAX_RANK = 8;

    static final String BINARY_SIZE = "binary_data_size";

    private final JsonParser parser;
    private final TensorTail tail;
    private String name = "?";
    private @Nullable Datatype datatype;
    private long @Nullable [] shape;
    private @Nullable Tensor tensor;
    /** Data that precedes the datatype or the shape in the text. */
    private @Nullable TokenBuffer early;

    private boolean named;
    private long binarySize = -1;

    TensorReader(JsonParser parser, TensorTail tail) {
        this.parser = parser;
        this.tail = tail;
    }

    Tensor read() throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            throw new TensorRejected("a tensor must be a JSON object, not " + describe(parser));
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            readMember(member);
        }
        return finished();
    }

    /** Some clients write {@code null} for an optional member. */
    private void readMember(String member) throws IOException {
        if (parser.hasToken(JsonToken.VALUE_NULL) && (member.equals("parameters") || member.equals("data"))) {
            return;
        }
        switch (member) {
            case "name" -> readName();
            case "datatype" -> readDatatype();
            case "shape" -> shape = readShape();
            case "parameters" -> readParameters();
            case "data" -> readData();
            default -> throw rejected("has an unknown member \"" + member + "\"");
        }
    }

    private void readName() throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING) || parser.getText().isEmpty()) {
            throw rejected("name must be a string, not " + describe(parser));
        }
        name = parser.getText();
        named = true;
    }

    private void readDatatype() throws IOException {
        String text = parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : describe(parser);
        datatype = Datatype.parse(text)
                .orElseThrow(() ->
                        rejected("datatype must be one of " + Arrays.toString(Datatype.values()) + ", not " + text));
    }

    private long[] readShape() throws IOException {
        if (!parser.isExpectedStartArrayToken()) {
            throw rejected("shape must be an array of whole numbers, not " + describe(parser));
        }
        long[] dimensions = new long[MAX_RANK];
        int rank = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (rank == MAX_RANK) {
                throw rejected("shape has more than " + MAX_RANK + " dimensions");
            }
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                    || parser.getNumberType() != JsonParser.NumberType.INT
                    || parser.getIntValue() < 0) {
                throw rejected(String.format(
                        Locale.ROOT,
                        "shape dimension %d must be a whole number from 0 to %d, not %s",
                        rank,
                        Integer.MAX_VALUE,
                        describe(parser)));
            }
            dimensions[rank++] = parser.getIntValue();
        }
        return Arrays.copyOf(dimensions, rank);
    }

    /** Reads the size of the bytes after the text; other parameters are ignored. */
    private void readParameters() throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            throw rejected("parameters must be a JSON object, not " + describe(parser));
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String parameter = parser.currentName();
            parser.nextToken();
            if (parameter.equals(BINARY_SIZE) && !parser.hasToken(JsonToken.VALUE_NULL)) {
                binarySize = readBinarySize();
            } else {
                parser.skipChildren();
            }
        }
    }

    private long readBinarySize() throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || parser.getLongValue() < 0) {
            throw rejected(BINARY_SIZE + " must be a whole number from 0 on, not " + describe(parser));
        }
        return parser.getLongValue();
    }

    private void readData() throws IOException {
        if (!parser.isExpectedStartArrayToken()) {
            throw rejected("data must be an array, not " + describe(parser));
        }
        if (datatype == null || shape == null) {
            early = new TokenBuffer(parser);
            early.copyCurrentStructure(parser);
            return;
        }
        tensor = new TensorData(name, datatype, shape).read(parser);
    }

    private Tensor finished() throws IOException {
        if (!named) {
            throw rejected("name is missing");
        }
        if (datatype == null) {
            throw rejected("datatype is missing");
        }
        if (shape == null) {
            throw rejected("shape is missing");
        }
        if (binarySize >= 0) {
            if (tensor != null || early != null) {
                throw rejected("has both data and " + BINARY_SIZE);
            }
            return tail.next(name, datatype, shape, binarySize);
        }
        if (early != null) {
            JsonParser held = early.asParser(parser.getCodec());
            held.nextToken();
            return new TensorData(name, datatype, shape).read(held);
        }
        if (tensor == null) {
            throw rejected("data is missing");
        }
        return tensor.name().equals(name) ? tensor : tensor.named(name);
    }

    private TensorRejected rejected(String what) {
        return new TensorRejected("tensor \"" + name + "\": " + what);
    }

    /** The current value, shortened for messages. */
    static String describe(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case END_ARRAY, END_OBJECT -> "nothing";
            case VALUE_STRING -> "\"" + shortened(parser.getText()) + "\"";
            default -> shortened(parser.getText());
        };
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
