package io.hemline.serving.features;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Feast keeps of one feature: the protobuf message {@code feast.types.Value}, of which three kinds occur here.
 * No bytes at all are a null.
 */
final class FeastValue {

    private static final int STRING = 2;
    private static final int INT64 = 4;
    private static final int FLOATS = 16;
    private static final int VARINT = 0;
    private static final int DELIMITED = 2;

    private final Buffer bytes;
    private int at;

    private FeastValue(Buffer bytes) {
        this.bytes = bytes;
    }

    static @Nullable String string(Buffer bytes) {
        if (bytes.length() == 0) {
            return null;
        }
        FeastValue value = new FeastValue(bytes);
        int length = value.enter(STRING, "text");
        return bytes.getString(value.at, value.at + length);
    }

    static @Nullable Long int64(Buffer bytes) {
        if (bytes.length() == 0) {
            return null;
        }
        FeastValue value = new FeastValue(bytes);
        value.expect(INT64, VARINT, "a whole number");
        long number = value.varint();
        value.end();
        return number;
    }

    /** The list of a {@code FloatList}, whose one field is packed. */
    static float @Nullable [] floats(Buffer bytes) {
        if (bytes.length() == 0) {
            return null;
        }
        FeastValue value = new FeastValue(bytes);
        if (value.enter(FLOATS, "a list of floats") == 0) {
            return new float[0];
        }
        int length = value.enter(1, "a list of floats");
        if (length % Float.BYTES != 0) {
            throw new IllegalArgumentException("a list of floats has " + length + " bytes");
        }
        float[] floats = new float[length / Float.BYTES];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.intBitsToFloat(bytes.getIntLE(value.at + i * Float.BYTES));
        }
        return floats;
    }

    /** Goes into a field that reaches to the end, and returns its length. */
    private int enter(int field, String what) {
        expect(field, DELIMITED, what);
        long length = varint();
        if (length != bytes.length() - at) {
            throw new IllegalArgumentException(
                    what + " of " + length + " bytes is announced, " + (bytes.length() - at) + " are there");
        }
        return (int) length;
    }

    private void expect(int field, int wire, String what) {
        long tag = varint();
        if (tag != ((long) field << 3 | wire)) {
            throw new IllegalArgumentException(
                    what + " is expected, not field " + (tag >>> 3) + " of wire type " + (tag & 7));
        }
    }

    private long varint() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= bytes.length()) {
                break;
            }
            byte next = bytes.getByte(at++);
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number does not end");
    }

    private void end() {
        if (at != bytes.length()) {
            throw new IllegalArgumentException((bytes.length() - at) + " bytes too many");
        }
    }
}
