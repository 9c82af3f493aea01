package io.hemline.store;

import java.util.Arrays;
import java.util.Optional;

/** The type of a tensor's elements. The constants' names are those of the Open Inference Protocol. */
public enum Datatype {
    FP32("float32", Float.BYTES),
    INT64("int64", Long.BYTES),
    BOOL("bool", 1),
    UINT8("uint8", 1);

    private final String dtype;
    private final int width;

    Datatype(String dtype, int width) {
        this.dtype = dtype;
        this.width = width;
    }

    /** The type of that Open Inference Protocol name, such as {@code FP32}. */
    public static Optional<Datatype> parse(String name) {
        return Arrays.stream(values()).filter(d -> d.name().equals(name)).findFirst();
    }

    /** The type of that manifest name, such as {@code float32}. */
    public static Optional<Datatype> parseDtype(String dtype) {
        return Arrays.stream(values()).filter(d -> d.dtype.equals(dtype)).findFirst();
    }

    /** The name in a manifest, which is also NumPy's. */
    public String dtype() {
        return dtype;
    }

    /** Bytes of one element. */
    public int width() {
        return width;
    }
}
