package io.hemline.serving.oip;

import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.tensors.TensorModel;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import io.hemline.store.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the tensors of a request against the declared inputs and outputs of its model.
 *
 * <p>Immutable.
 */
final class RequestSignature {

    private static final String IMAGES = ", or BYTES of shape [B] or [B, 1]: a JPEG, PNG or WebP file for each row";

    private final TensorModel model;
    private final int maxRows;
    private final int maxImage;

    /**
     * Makes the signature of a model.
     *
     * @param maxRows the most rows in a request
     * @param maxImage the largest encoded image, in bytes
     */
    RequestSignature(TensorModel model, int maxRows, int maxImage) {
        this.model = model;
        this.maxRows = maxRows;
        this.maxImage = maxImage;
    }

    /** The inputs in the declared order: all of them, no other, each as declared, all of one batch. */
    List<Tensor> inputs(List<Tensor> given) {
        Map<String, Tensor> rest = new LinkedHashMap<>();
        given.forEach(tensor -> rest.put(tensor.name(), tensor));
        List<Tensor> inputs = new ArrayList<>();
        long batch = TensorSpec.BATCH;
        for (TensorSpec spec : model.inputs()) {
            Tensor tensor = rest.remove(spec.name());
            if (tensor == null) {
                throw invalid("Input \"" + spec.name() + "\" is missing: " + spec.datatype() + " " + spec.shapeText());
            }
            boolean takesImages = model.pictures().contains(spec.name());
            boolean images = takesImages && tensor.datatype() == Datatype.BYTES;
            mismatch(spec, tensor, images).ifPresent(reason -> {
                throw invalid(takesImages ? reason + IMAGES : reason);
            });
            batch = sameBatch(spec, tensor, batch);
            if (images) {
                requireSmallImages(tensor);
            }
            requireFinite(tensor);
            inputs.add(tensor);
        }
        if (!rest.isEmpty()) {
            throw invalid("There is no input \""
                    + shortened(rest.keySet().iterator().next()) + "\"; there are " + names(model.inputs()));
        }
        return inputs;
    }

    /** The names of the requested outputs; all declared ones when none is requested. */
    List<String> outputs(List<String> requested) {
        List<String> declared = names(model.outputs());
        for (String name : requested) {
            if (!declared.contains(name)) {
                throw invalid("There is no output \"" + shortened(name) + "\"; there are " + declared);
            }
        }
        return requested.isEmpty() ? declared : requested;
    }

    private static Optional<String> mismatch(TensorSpec spec, Tensor tensor, boolean images) {
        return images ? imageMismatch(tensor) : spec.mismatch(tensor);
    }

    /** A batch of encoded images has one file for each row; decoding finds out later whether a file is an image. */
    private static Optional<String> imageMismatch(Tensor tensor) {
        long[] shape = tensor.shape();
        if (shape.length == 1 || (shape.length == 2 && shape[1] == 1)) {
            return Optional.empty();
        }
        return Optional.of("tensor \"" + tensor.name() + "\": shape is " + tensor.shapeText());
    }

    private void requireSmallImages(Tensor tensor) {
        List<ByteBuffer> files = tensor.byteStrings();
        for (int i = 0; i < files.size(); i++) {
            int bytes = files.get(i).remaining();
            if (bytes > maxImage) {
                throw invalid("tensor \"" + tensor.name() + "\": element " + i + " must have at most " + maxImage
                        + " bytes (http.max-image), has " + bytes);
            }
        }
    }

    private long sameBatch(TensorSpec spec, Tensor tensor, long batch) {
        if (spec.shape().isEmpty() || spec.shape().get(0) != TensorSpec.BATCH) {
            return batch;
        }
        long rows = tensor.shape()[0];
        if (rows < 1) {
            throw invalid("tensor \"" + spec.name() + "\": at least one row, not " + rows);
        }
        if (rows > maxRows) {
            throw invalid("tensor \"" + spec.name() + "\": at most " + maxRows + " rows in a request, not " + rows);
        }
        if (batch != TensorSpec.BATCH && rows != batch) {
            throw invalid("tensor \"" + spec.name() + "\": as many rows as the others, " + batch + ", not " + rows);
        }
        return rows;
    }

    private static void requireFinite(Tensor tensor) {
        int at = firstNonFinite(tensor);
        if (at >= 0) {
            throw invalid("tensor \"" + tensor.name() + "\": element " + at + " must be finite, is "
                    + tensor.floats().get(at));
        }
    }

    /** The index of the first NaN or infinity of a float tensor, −1 when there is none. */
    static int firstNonFinite(Tensor tensor) {
        if (tensor.datatype() != Datatype.FP32) {
            return -1;
        }
        FloatBuffer values = tensor.floats();
        for (int at = 0; at < values.limit(); at++) {
            if (!Float.isFinite(values.get(at))) {
                return at;
            }
        }
        return -1;
    }

    private static List<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).toList();
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(ProblemType.INVALID_TENSORS, message);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
