package io.hemline.serving.protocol;

import static java.util.Objects.requireNonNull;

import io.hemline.store.TensorSpec;
import java.util.List;

/**
 * One version of a model, as its manifest declares it.
 *
 * <p>Immutable.
 *
 * @param name of the model
 * @param version that is meant
 * @param versions all that can be run now
 * @param inputs what goes in
 * @param outputs what comes out
 */
public record TensorModel(
        String name, String version, List<String> versions, List<TensorSpec> inputs, List<TensorSpec> outputs) {

    public TensorModel {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        versions = List.copyOf(versions);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
