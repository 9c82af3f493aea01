package io.hemline.store;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Compares an answer with the expected one: floats within a tolerance, everything else exactly. */
final class TensorComparison {

    private TensorComparison() {}

    /** The first difference as a sentence; empty if |got − expected| ≤ atol + rtol · |expected| for all elements. */
    static Optional<String> difference(Tensor expected, Tensor got, Manifest.Tolerance tolerance) {
        if (got.datatype() != expected.datatype() || !Arrays.equals(got.shape(), expected.shape())) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "tensor \"%s\": expected %s%s, got %s%s",
                    expected.name(),
                    expected.datatype(),
                    expected.shapeText(),
                    got.datatype(),
                    got.shapeText()));
        }
        if (expected.datatype() == Datatype.FP32) {
            return floatDifference(expected, got, tolerance);
        }
        for (int i = 0; i < expected.elements(); i++) {
            if (exact(expected, i) != exact(got, i)) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "tensor \"%s\": element %d: expected %s, got %s",
                        expected.name(),
                        i,
                        exact(expected, i),
                        exact(got, i)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> floatDifference(Tensor expected, Tensor got, Manifest.Tolerance tolerance) {
        FloatBuffer wants = expected.floats();
        FloatBuffer gots = got.floats();
        for (int i = 0; i < wants.capacity(); i++) {
            double want = wants.get(i);
            double distance = Math.abs(gots.get(i) - want);
            double allowed = tolerance.atol() + tolerance.rtol() * Math.abs(want);
            // Written so that NaN on either side is a difference.
            if (!(distance <= allowed)) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "tensor \"%s\": element %d: expected %s ± %.3g, got %s",
                        expected.name(),
                        i,
                        wants.get(i),
                        allowed,
                        gots.get(i)));
            }
        }
        return Optional.empty();
    }

    private static long exact(Tensor tensor, int index) {
        return switch (tensor.datatype()) {
            case INT64 -> tensor.longs().get(index);
            case BOOL -> tensor.booleanAt(index) ? 1 : 0;
            case UINT8 -> tensor.uint8At(index);
            case FP32 -> throw new IllegalArgumentException("floats are compared within a tolerance");
            case BYTES -> throw new IllegalArgumentException("no graph gives BYTES");
        };
    }
}
