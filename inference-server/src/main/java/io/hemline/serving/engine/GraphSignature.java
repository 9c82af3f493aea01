package io.hemline.serving.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.hemline.store.Datatype;
import io.hemline.store.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the inputs and outputs of a graph with its manifest. */
final class GraphSignature {

    /** A dynamic dimension: the batch, or one that is known only at run time. */
    private static final long DYNAMIC = -1;

    private GraphSignature() {}

    /** The first difference, as a sentence; empty without differences. Tensors that only the graph has are a difference. */
    static Optional<String> difference(String side, List<TensorSpec> declared, Map<String, NodeInfo> actual) {
        for (TensorSpec spec : declared) {
            NodeInfo info = actual.get(spec.name());
            if (info == null) {
                return Optional.of(side + " " + spec.name() + ": the graph has none of that name, it has "
                        + actual.keySet().stream().sorted().toList());
            }
            if (!(info.getInfo() instanceof TensorInfo tensor)) {
                return Optional.of(side + " " + spec.name() + ": is no tensor");
            }
            if (tensor.type != onnxType(spec.datatype())) {
                return Optional.of(
                        side + " " + spec.name() + ": the manifest says " + spec.datatype() + ", it is " + tensor.type);
            }
            if (!fits(spec.shape(), tensor.getShape())) {
                return Optional.of(side + " " + spec.name() + ": the manifest says " + spec.shapeText() + ", it is "
                        + Arrays.toString(tensor.getShape()));
            }
        }
        if (actual.size() > declared.size()) {
            List<String> names = declared.stream().map(TensorSpec::name).toList();
            return Optional.of(side + " "
                    + actual.keySet().stream()
                            .filter(name -> !names.contains(name))
                            .sorted()
                            .toList() + ": the manifest does not name it");
        }
        return Optional.empty();
    }

    private static boolean fits(List<Long> declared, long[] actual) {
        if (declared.size() != actual.length) {
            return false;
        }
        for (int i = 0; i < actual.length; i++) {
            if (actual[i] != DYNAMIC && actual[i] != declared.get(i)) {
                return false;
            }
        }
        return true;
    }

    static OnnxJavaType onnxType(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> OnnxJavaType.FLOAT;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case BYTES -> OnnxJavaType.STRING;
        };
    }
}
