package io.hemline.serving.oip;

import io.hemline.serving.http.HeaderFields;
import io.hemline.serving.http.Problem;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.tensors.TensorModel;
import io.hemline.store.Tensor;
import io.hemline.store.TensorRejected;
import io.hemline.store.TensorSpec;
import io.hemline.store.TensorTail;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of an infer request in HTTP: JSON; JSON followed by the bytes of tensors; or the bytes of one tensor
 * alone.
 */
final class InferRequestBody {

    /** The header with the length of the JSON; the rest of the body is tensors. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final int MAX_DIGITS = 10;
    private static final Set<String> MEDIA_TYPES = Set.of("application/json", "application/octet-stream");

    private InferRequestBody() {}

    /** Why a body is refused by its headers; empty when it is read. The Python clients send no media type. */
    static Optional<Problem> refusal(HttpServerRequest request) {
        String encoding = HeaderFields.list(request.headers(), "Content-Encoding");
        if (!ContentDecoding.supports(encoding)) {
            return Optional.of(Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding: gzip, deflate or identity, not \"" + encoding + "\""));
        }
        String type = HeaderFields.list(request.headers(), "Content-Type");
        if (type == null || MEDIA_TYPES.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type: application/json or application/octet-stream, not \"" + type + "\""));
    }

    /** Reads a request for a model. */
    static InferRequest read(byte[] body, @Nullable String jsonLength, TensorModel model) {
        int length = jsonLength(jsonLength, body.length);
        return length == 0 && jsonLength != null ? raw(body, model) : InferRequestReader.read(body, length);
    }

    private static int jsonLength(@Nullable String header, int bodyLength) {
        if (header == null) {
            return bodyLength;
        }
        boolean digits = !header.isEmpty()
                && header.length() <= MAX_DIGITS
                && header.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(header) > bodyLength) {
            throw new ProblemException(
                    ProblemType.INVALID_TENSORS,
                    JSON_LENGTH + ": a whole number from 0 to the length of the body, " + bodyLength + ", not \""
                            + header + "\"");
        }
        return Integer.parseInt(header);
    }

    /** The one tensor of a model with one input; the number of rows follows from its length. */
    private static InferRequest raw(byte[] body, TensorModel model) {
        if (model.inputs().size() != 1) {
            throw new ProblemException(
                    ProblemType.INVALID_TENSORS,
                    JSON_LENGTH + ": 0 is for models with one input; " + model.name() + " has "
                            + model.inputs().size());
        }
        TensorSpec spec = model.inputs().get(0);
        long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
        if (shape.length > 0 && shape[0] == TensorSpec.BATCH) {
            shape[0] = 1;
            long row = Tensor.elements(shape) * spec.datatype().width();
            shape[0] = body.length / row;
        }
        try {
            Tensor tensor = TensorTail.tensor(spec.name(), spec.datatype(), shape, ByteBuffer.wrap(body));
            return new InferRequest(null, List.of(tensor), List.of(), true, 0);
        } catch (TensorRejected e) {
            throw new ProblemException(ProblemType.INVALID_TENSORS, String.valueOf(e.getMessage()));
        }
    }
}
