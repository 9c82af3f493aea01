package io.hemline.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The data of a BYTES tensor: byte strings one after the other, each preceded by its length in four little-endian
 * bytes, as in the binary tensor data extension and in gRPC's raw contents.
 */
final class ByteStrings {

    /** The bytes of a length prefix. */
    static final int LENGTH = Integer.BYTES;

    private ByteStrings() {}

    /**
     * Throws {@link TensorRejected} unless the bytes are exactly so many strings. Allocates nothing by their lengths.
     */
    static void requireWhole(String name, long elements, ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < elements; i++) {
            if (rest.remaining() < LENGTH) {
                throw new TensorRejected(String.format(
                        Locale.ROOT,
                        "tensor \"%s\": element %d of %d needs 4 bytes for its length, only %d follow",
                        name,
                        i,
                        elements,
                        rest.remaining()));
            }
            long length = Integer.toUnsignedLong(rest.getInt());
            if (length > rest.remaining()) {
                throw new TensorRejected(String.format(
                        Locale.ROOT,
                        "tensor \"%s\": element %d has %d bytes by its length, only %d follow",
                        name,
                        i,
                        length,
                        rest.remaining()));
            }
            rest.position(rest.position() + (int) length);
        }
        if (rest.hasRemaining()) {
            throw new TensorRejected(String.format(
                    Locale.ROOT,
                    "tensor \"%s\": %d bytes follow the last of its %d elements",
                    name,
                    rest.remaining(),
                    elements));
        }
    }

    /** The strings of valid data, each a view. */
    static List<ByteBuffer> split(ByteBuffer whole) {
        List<ByteBuffer> strings = new ArrayList<>();
        ByteBuffer rest = whole.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            int length = rest.getInt();
            strings.add(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return strings;
    }
}
