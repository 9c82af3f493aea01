package io.hemline.serving.oip;

import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import java.nio.FloatBuffer;

/** Finds what is no number: neither may go into a graph, and what comes out of one says that it is broken. */
final class NonFiniteValues {

    private NonFiniteValues() {}

    /** The place of the first NaN or infinity, −1 when there is none. */
    static int first(Tensor tensor) {
        if (tensor.datatype() != Datatype.FP32) {
            return -1;
        }
        FloatBuffer values = tensor.floats();
        for (int at = 0; at < values.limit(); at++) {
            if (!Float.isFinite(values.get(at))) {
                return at;
            }
        }
        return -1;
    }
}
