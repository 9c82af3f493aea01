package io.hemline.serving.tensors;

import static java.util.Objects.requireNonNull;

import io.hemline.store.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One version of a model, as its manifest declares it.
 *
 * <p>Immutable.
 *
 * @param name of the model
 * @param version its number
 * @param versions every version that can be run now
 * @param inputs of the graph
 * @param outputs of the graph
 * @param pictures the names of the inputs that may also come as BYTES, an encoded image for each row
 * @param properties further properties, such as the artifact's digest
 */
public record TensorModel(
        String name,
        String version,
        List<String> versions,
        List<TensorSpec> inputs,
        List<TensorSpec> outputs,
        Set<String> pictures,
        Map<String, String> properties) {

    /** The protocol's name of the platform. */
    public static final String PLATFORM = "onnx_onnxv1";

    public TensorModel {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        versions = List.copyOf(versions);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        pictures = Set.copyOf(pictures);
        properties = Map.copyOf(properties);
    }
}
