package io.hemline.serving.protocol;

import io.hemline.store.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a model.
 *
 * <p>Immutable.
 *
 * @param id echoed in the answer
 * @param inputs in any order, names once each
 * @param outputs the wished ones; empty means all
 */
record InferRequest(@Nullable String id, List<Tensor> inputs, List<String> outputs) {

    InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
