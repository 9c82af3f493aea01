package io.hemline.store;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The element type of a tensor. The constants have the names of the Open Inference Protocol. */
public enum Datatype {
    FP32("float32", Float.BYTES),
    INT64("int64", Long.BYTES),
    BOOL("bool", 1),
    UINT8("uint8", 1),
    /** Byte strings with length prefixes. Clients send them; no graph of a manifest has them. */
    BYTES(null, ByteStrings.LENGTH);

    private final @Nullable String dtype;
    private final int width;

    Datatype(@Nullable String dtype, int width) {
        this.dtype = dtype;
        this.width = width;
    }

    /** The type of that Open Inference Protocol name, such as {@code FP32}. */
    public static Optional<Datatype> parse(String name) {
        return Arrays.stream(values()).filter(d -> d.name().equals(name)).findFirst();
    }

    /** The type of that manifest name, such as {@code float32}. */
    public static Optional<Datatype> parseDtype(String dtype) {
        return Arrays.stream(values()).filter(d -> dtype.equals(d.dtype)).findFirst();
    }

    /** The name in a manifest, which is also NumPy's. */
    public String dtype() {
        if (dtype == null) {
            throw new IllegalStateException(name() + " has no name in a manifest");
        }
        return dtype;
    }

    /** Bytes of one element; for BYTES those of an empty string. */
    public int width() {
        return width;
    }
}
