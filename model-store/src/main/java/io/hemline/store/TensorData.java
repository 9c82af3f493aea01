package io.hemline.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * Reads the elements of a tensor whose type and shape are known. The buffer grows with the elements, so a shape that
 * claims billions of them allocates nothing. Confined to one thread.
 */
final class TensorData {

    private static final int FIRST_ELEMENTS = 4096;

    private final String name;
    private final Datatype datatype;
    private final long[] shape;
    private final long elements;
    private ByteBuffer data;
    private int count;

    TensorData(String name, Datatype datatype, long[] shape) {
        this.name = name;
        this.datatype = datatype;
        this.shape = shape;
        this.elements = bytesOf(name, datatype, shape) / datatype.width();
        this.data = Tensor.allocate((int) Math.min(elements, FIRST_ELEMENTS) * datatype.width());
    }

    /** Reads an array from its opening bracket, flat or nested like the shape. */
    Tensor read(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY && shape.length > 1) {
            readNested(parser, 0);
        } else {
            readRow(parser);
        }
        if (count != elements) {
            throw rejected(String.format(
                    Locale.ROOT, "shape %s has %d elements, data has %d", Arrays.toString(shape), elements, count));
        }
        return new Tensor(name, datatype, shape, data.flip());
    }

    /** Reads an array from the first token inside it. */
    private void readNested(JsonParser parser, int depth) throws IOException {
        long rows = 0;
        for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_ARRAY) {
                throw rejected(String.format(
                        Locale.ROOT,
                        "element %d is %s where shape %s needs an array",
                        count,
                        TensorReader.describe(parser),
                        Arrays.toString(shape)));
            }
            parser.nextToken();
            readInner(parser, depth + 1);
            rows++;
        }
        requireLength(depth, rows);
    }

    private void readInner(JsonParser parser, int depth) throws IOException {
        if (depth < shape.length - 1) {
            readNested(parser, depth);
            return;
        }
        int before = count;
        readRow(parser);
        requireLength(depth, count - before);
    }

    /** Reads elements from the first one to the closing bracket. */
    private void readRow(JsonParser parser) throws IOException {
        for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (count == elements) {
                throw rejected(String.format(
                        Locale.ROOT, "shape %s has %d elements, data has more", Arrays.toString(shape), elements));
            }
            readElement(parser);
            count++;
        }
    }

    private void readElement(JsonParser parser) throws IOException {
        switch (datatype) {
            case FP32 -> ensure(datatype.width()).putFloat(float32(parser));
            case INT64 -> ensure(datatype.width()).putLong(int64(parser));
            case BOOL -> ensure(datatype.width()).put((byte) (bool(parser) ? 1 : 0));
            case UINT8 -> ensure(datatype.width()).put((byte) uint8(parser));
            case BYTES -> {
                byte[] bytes = base64(parser);
                ensure(ByteStrings.LENGTH + bytes.length).putInt(bytes.length).put(bytes);
            }
        }
    }

    private float float32(JsonParser parser) throws IOException {
        if (!parser.currentToken().isNumeric()) {
            throw wrong(parser, "a number");
        }
        float value = parser.getFloatValue();
        if (!Float.isFinite(value)) {
            throw wrong(parser, "finite in float32");
        }
        return value;
    }

    private long int64(JsonParser parser) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
            throw wrong(parser, "a whole number");
        }
        try {
            return parser.getLongValue();
        } catch (InputCoercionException e) {
            throw wrong(parser, "within int64");
        }
    }

    private boolean bool(JsonParser parser) throws IOException {
        if (!parser.currentToken().isBoolean()) {
            throw wrong(parser, "true or false");
        }
        return parser.getBooleanValue();
    }

    private int uint8(JsonParser parser) throws IOException {
        boolean small = parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                && parser.getNumberType() == JsonParser.NumberType.INT
                && parser.getIntValue() >= 0
                && parser.getIntValue() <= 255;
        if (!small) {
            throw wrong(parser, "a whole number from 0 to 255");
        }
        return parser.getIntValue();
    }

    /** Standard base64 with padding (RFC 4648, section 4), as for images in the forecast API. */
    private byte[] base64(JsonParser parser) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            throw wrong(parser, "a string of base64");
        }
        String text = parser.getText();
        if (text.length() % 4 != 0) {
            throw wrong(parser, "padded base64");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw wrong(parser, "standard base64");
        }
    }

    /** The buffer, grown so that so many more bytes fit. */
    private ByteBuffer ensure(int bytes) {
        if (data.remaining() < bytes) {
            long doubled = Math.max(2L * data.capacity(), (long) data.position() + bytes);
            data = Tensor.allocate((int) Math.min(Integer.MAX_VALUE, doubled)).put(data.flip());
        }
        return data;
    }

    private void requireLength(int depth, long actual) {
        if (actual != shape[depth]) {
            throw rejected(String.format(
                    Locale.ROOT,
                    "an array before element %d has %d entries where shape %s needs %d",
                    count,
                    actual,
                    Arrays.toString(shape),
                    shape[depth]));
        }
    }

    /** The number of bytes of a tensor; throws if no buffer can hold them. */
    static long bytesOf(String name, Datatype datatype, long[] shape) {
        long bytes;
        try {
            bytes = Math.multiplyExact(Tensor.elements(shape), (long) datatype.width());
        } catch (ArithmeticException e) {
            bytes = Long.MAX_VALUE;
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new TensorRejected(String.format(
                    Locale.ROOT, "tensor \"%s\": shape %s is over 2 GB of %s", name, Arrays.toString(shape), datatype));
        }
        return bytes;
    }

    private TensorRejected wrong(JsonParser parser, String expected) throws IOException {
        return rejected(String.format(
                Locale.ROOT, "element %d must be %s, is %s", count, expected, TensorReader.describe(parser)));
    }

    private TensorRejected rejected(String what) {
        return new TensorRejected("tensor \"" + name + "\": " + what);
    }
}
