package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A named, dense, row-major array in a direct little-endian buffer, which inference engines take without a copy. A
 * BOOL is one byte, 0 or 1; a BYTES element follows its length. Thread-safe as long as no caller writes into a view.
 */
public final class Tensor {

    private final String name;
    private final Datatype datatype;
    private final long[] shape;
    private final ByteBuffer data;

    /**
     * Takes over the bytes between position and limit of a direct buffer. Throws unless their number fits the shape,
     * and {@link TensorRejected} if the lengths of BYTES do not.
     */
    public Tensor(String name, Datatype datatype, long[] shape, ByteBuffer data) {
        this.name = requireNonNull(name, "name");
        this.datatype = requireNonNull(datatype, "datatype");
        this.shape = shape.clone();
        if (!data.isDirect()) {
            throw new IllegalArgumentException("tensor \"" + name + "\" needs a direct buffer");
        }
        if (datatype == Datatype.BYTES) {
            ByteStrings.requireWhole(name, elements(shape), data);
        } else if (data.remaining() != elements(shape) * datatype.width()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "tensor \"%s\": shape %s of %s does not fit %d bytes",
                    name,
                    Arrays.toString(shape),
                    datatype,
                    data.remaining()));
        }
        this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    public static Tensor ofFloats(String name, long[] shape, float... values) {
        ByteBuffer data = allocate(values.length * Float.BYTES);
        data.asFloatBuffer().put(values);
        return new Tensor(name, Datatype.FP32, shape, data);
    }

    public static Tensor ofLongs(String name, long[] shape, long... values) {
        ByteBuffer data = allocate(values.length * Long.BYTES);
        data.asLongBuffer().put(values);
        return new Tensor(name, Datatype.INT64, shape, data);
    }

    public static Tensor ofBooleans(String name, long[] shape, boolean... values) {
        ByteBuffer data = allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            data.put(i, (byte) (values[i] ? 1 : 0));
        }
        return new Tensor(name, Datatype.BOOL, shape, data);
    }

    /** A UINT8 tensor of the given bytes, read as 0..255. */
    public static Tensor ofBytes(String name, long[] shape, byte... values) {
        ByteBuffer data = allocate(values.length);
        data.put(0, values);
        return new Tensor(name, Datatype.UINT8, shape, data);
    }

    /** A BYTES tensor of the given strings. */
    public static Tensor ofByteStrings(String name, long[] shape, List<byte[]> strings) {
        int size = strings.stream()
                .mapToInt(string -> ByteStrings.LENGTH + string.length)
                .reduce(0, Math::addExact);
        ByteBuffer data = allocate(size);
        strings.forEach(string -> data.putInt(string.length).put(string));
        return new Tensor(name, Datatype.BYTES, shape, data.flip());
    }

    /** An empty direct little-endian buffer of that many bytes. */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The number of elements of a shape; 1 for a scalar's empty shape. Throws ArithmeticException beyond a long. */
    public static long elements(long... shape) {
        long elements = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative dimension in " + Arrays.toString(shape));
            }
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }

    public String name() {
        return name;
    }

    public Datatype datatype() {
        return datatype;
    }

    public long[] shape() {
        return shape.clone();
    }

    /** The shape as text, such as {@code [2, 208, 4]}. */
    public String shapeText() {
        return Arrays.toString(shape);
    }

    /** The number of elements. */
    public int elements() {
        return Math.toIntExact(elements(shape));
    }

    /** All bytes: a direct, little-endian view with its own position. */
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements of an FP32 tensor. */
    public FloatBuffer floats() {
        requireDatatype(Datatype.FP32);
        return data().asFloatBuffer();
    }

    /** The elements of an INT64 tensor. */
    public LongBuffer longs() {
        requireDatatype(Datatype.INT64);
        return data().asLongBuffer();
    }

    /** One element of a BOOL tensor. */
    public boolean booleanAt(int index) {
        requireDatatype(Datatype.BOOL);
        return data.get(index) != 0;
    }

    /** One element of a UINT8 tensor, 0..255. */
    public int uint8At(int index) {
        requireDatatype(Datatype.UINT8);
        return data.get(index) & 0xFF;
    }

    /** The elements of a BYTES tensor: views of its data. */
    public List<ByteBuffer> byteStrings() {
        requireDatatype(Datatype.BYTES);
        return ByteStrings.split(data());
    }

    /** The same data under another name. */
    public Tensor named(String other) {
        return new Tensor(other, datatype, shape, data());
    }

    /** Same name, type, shape and bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor t
                && name.equals(t.name)
                && datatype == t.datatype
                && Arrays.equals(shape, t.shape)
                && data.equals(t.data);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + data.hashCode();
    }

    @Override
    public String toString() {
        return name + " " + datatype + shapeText();
    }

    private void requireDatatype(Datatype required) {
        if (datatype != required) {
            throw new IllegalStateException("tensor \"" + name + "\" holds " + datatype + ", not " + required);
        }
    }
}
