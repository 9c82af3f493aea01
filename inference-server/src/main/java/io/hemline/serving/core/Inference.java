package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Tensor;
import java.util.List;

/**
 * The outputs of one run.
 *
 * <p>Immutable.
 *
 * @param version the version that ran
 * @param outputs in the order of the request
 */
public record Inference(String version, List<Tensor> outputs) {

    public Inference {
        requireNonNull(version, "version");
        outputs = List.copyOf(outputs);
    }
}
