package io.hemline.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The data of a BYTES tensor: one string of bytes after the other, each behind its length of four little-endian bytes, as
 * the binary tensor extension and gRPC's raw contents have them.
 */
final class ByteStrings {

    /** The bytes of a length. */
    static final int LENGTH = Integer.BYTES;

    private ByteStrings() {}

    /** Throws {@link TensorRejected} unless the lengths lead to the end in so many steps. Allocates nothing by them. */
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

    /** The strings of whole data, each a view. */
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
