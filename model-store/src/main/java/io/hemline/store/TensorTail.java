package io.hemline.store;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The binary tensor data after the JSON of a request: little-endian and row-major, in the order in which the JSON
 * names the tensors. Allocates nothing by a tensor's claimed size. Confined to one thread.
 */
public final class TensorTail {

    private final ByteBuffer rest;

    /** The bytes of the body from {@code offset} to its end. */
    public TensorTail(byte[] body, int offset) {
        this.rest = ByteBuffer.wrap(body, offset, body.length - offset);
    }

    /** No bytes: the JSON is the whole request. */
    static TensorTail none() {
        return new TensorTail(new byte[0], 0);
    }

    /** The next tensor, of {@code size} bytes. Throws {@link TensorRejected} if they do not fit its type and shape. */
    Tensor next(String name, Datatype datatype, long[] shape, long size) {
        if (size > rest.remaining()) {
            throw new TensorRejected(String.format(
                    Locale.ROOT,
                    "tensor \"%s\": binary_data_size is %d, but only %d bytes follow",
                    name,
                    size,
                    rest.remaining()));
        }
        ByteBuffer bytes = rest.slice(rest.position(), (int) size);
        rest.position(rest.position() + (int) size);
        return tensor(name, datatype, shape, bytes);
    }

    /** Throws if bytes are left after the last tensor. */
    public void requireEmpty() {
        if (rest.hasRemaining()) {
            throw new TensorRejected(rest.remaining() + " bytes follow that no tensor's binary_data_size accounts for");
        }
    }

    /** A tensor of a copy of these bytes. Throws {@link TensorRejected} if they do not fit its type and shape. */
    public static Tensor tensor(String name, Datatype datatype, long[] shape, ByteBuffer bytes) {
        long expected = TensorData.bytesOf(name, datatype, shape);
        if (datatype != Datatype.BYTES && bytes.remaining() != expected) {
            throw new TensorRejected(String.format(
                    Locale.ROOT,
                    "tensor \"%s\": shape and datatype %s make %d bytes, not %d",
                    name,
                    datatype,
                    expected,
                    bytes.remaining()));
        }
        if (datatype == Datatype.BOOL) {
            requireBooleans(name, bytes);
        }
        ByteBuffer data = Tensor.allocate(bytes.remaining());
        data.put(bytes.duplicate()).flip();
        return new Tensor(name, datatype, shape, data);
    }

    private static void requireBooleans(String name, ByteBuffer bytes) {
        for (int i = 0; i < bytes.remaining(); i++) {
            int value = bytes.get(bytes.position() + i);
            if (value != 0 && value != 1) {
                throw new TensorRejected(String.format(
                        Locale.ROOT,
                        "tensor \"%s\": element %d of a BOOL is the byte 0 or 1, not %d",
                        name,
                        i,
                        value & 0xFF));
            }
        }
    }
}
