package io.hemline.serving.oip;

import io.hemline.serving.core.InferRequest;
import io.hemline.serving.core.TensorModel;
import io.hemline.serving.http.HeaderFields;
import io.hemline.serving.http.Problem;
import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
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
 * The body of an infer request as it comes over HTTP: text; text with the bytes of tensors behind it; or, when the text has
 * no byte at all, one tensor and nothing else.
 */
final class InferRequestBody {

    /** How many bytes of the body are the text; the rest is tensors. */
    static final String TEXT_LENGTH = "Inference-Header-Content-Length";

    private static final int MAX_DIGITS = 10;
    private static final Set<String> MEDIA_TYPES = Set.of("application/json", "application/octet-stream");

    private InferRequestBody() {}

    /** Why the body is not read at all, by its headers. The Python clients name no media type. */
    static Optional<Problem> refusal(HttpServerRequest request) {
        String encoding = HeaderFields.list(request.headers(), "Content-Encoding");
        if (!Unpacked.knows(encoding)) {
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

    /** The request for a model. */
    static InferRequest read(byte[] body, @Nullable String textLength, TensorModel model) {
        int length = textLength(textLength, body.length);
        return length == 0 && textLength != null ? raw(body, model) : InferRequestReader.read(body, length);
    }

    private static int textLength(@Nullable String header, int bodyLength) {
        if (header == null) {
            return bodyLength;
        }
        boolean digits = !header.isEmpty()
                && header.length() <= MAX_DIGITS
                && header.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(header) > bodyLength) {
            throw new ProblemException(
                    ProblemType.INVALID_TENSORS,
                    TEXT_LENGTH + ": a whole number from 0 to the length of the body, " + bodyLength + ", not \""
                            + header + "\"");
        }
        return Integer.parseInt(header);
    }

    /** The one tensor of a model that takes one; how many rows it has follows from its length. */
    private static InferRequest raw(byte[] body, TensorModel model) {
        if (model.inputs().size() != 1) {
            throw new ProblemException(
                    ProblemType.INVALID_TENSORS,
                    TEXT_LENGTH + ": 0 is for models with one input; " + model.name() + " has "
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
