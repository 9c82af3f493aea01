package io.hemline.store;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The declaration of a graph's input or output. A dimension of −1 is the batch, written {@code "B"}. Immutable. */
public record TensorSpec(String name, Datatype datatype, List<Long> shape, String meaning, String unit) {

    public static final long BATCH = -1;

    public TensorSpec {
        shape = List.copyOf(shape);
    }

    /** Why the tensor does not fit this input or output; empty if it fits. */
    public Optional<String> mismatch(Tensor tensor) {
        if (tensor.datatype() != datatype) {
            return Optional.of(String.format(
                    Locale.ROOT, "tensor \"%s\": datatype must be %s, is %s", name, datatype, tensor.datatype()));
        }
        if (!fits(tensor.shape())) {
            return Optional.of(String.format(
                    Locale.ROOT, "tensor \"%s\": shape must be %s, is %s", name, shapeText(), tensor.shapeText()));
        }
        return Optional.empty();
    }

    /** The shape as in the manifest, such as {@code [B, 208, 4]}. */
    public String shapeText() {
        return shape.stream().map(d -> d == BATCH ? "B" : d.toString()).collect(Collectors.joining(", ", "[", "]"));
    }

    private boolean fits(long[] actual) {
        if (actual.length != shape.size()) {
            return false;
        }
        for (int i = 0; i < actual.length; i++) {
            if (shape.get(i) != BATCH && shape.get(i) != actual[i]) {
                return false;
            }
        }
        return true;
    }
}
