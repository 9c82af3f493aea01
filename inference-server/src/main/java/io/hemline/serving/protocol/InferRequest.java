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
 * @param binaryOutput whether outputs that do not say otherwise follow the text as bytes
 * @param timeoutMicros how long the client waits at most; 0 when it does not say
 */
record InferRequest(
        @Nullable String id,
        List<Tensor> inputs,
        List<WishedOutput> outputs,
        boolean binaryOutput,
        long timeoutMicros) {

    InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The names of the wished outputs. */
    List<String> outputNames() {
        return outputs.stream().map(WishedOutput::name).toList();
    }

    /** Whether the output of that name follows the text as bytes. */
    boolean binary(String output) {
        for (WishedOutput wished : outputs) {
            Boolean own = wished.binary();
            if (own != null && wished.name().equals(output)) {
                return own;
            }
        }
        return binaryOutput;
    }
}
