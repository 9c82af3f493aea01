package io.hemline.serving.oip;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inference request.
 *
 * <p>Immutable.
 *
 * @param id echoed in the answer
 * @param inputs in any order, names once each
 * @param outputs the requested ones; empty means all
 * @param binaryOutput whether outputs follow the text as bytes by default
 * @param timeoutMicros the longest that the client waits; 0 when it sets no limit
 */
public record InferRequest(
        @Nullable String id,
        List<Tensor> inputs,
        List<RequestedOutput> outputs,
        boolean binaryOutput,
        long timeoutMicros) {

    public InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The names of the requested outputs. */
    public List<String> outputNames() {
        return outputs.stream().map(RequestedOutput::name).toList();
    }

    /** Whether the output of that name follows the text as bytes. */
    public boolean binary(String output) {
        for (RequestedOutput requested : outputs) {
            Boolean explicit = requested.binary();
            if (explicit != null && requested.name().equals(output)) {
                return explicit;
            }
        }
        return binaryOutput;
    }

    /**
     * One requested output.
     *
     * <p>Immutable.
     *
     * @param name of the output
     * @param binary whether its data should follow the text as bytes; absent leaves it to the request
     */
    public record RequestedOutput(String name, @Nullable Boolean binary) {

        public RequestedOutput {
            requireNonNull(name, "name");
        }
    }
}
