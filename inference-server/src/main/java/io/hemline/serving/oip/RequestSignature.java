package io.hemline.serving.oip;

import io.hemline.serving.core.TensorModel;
import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import io.hemline.store.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds a request to what its model declares. */
final class RequestSignature {

    private final TensorModel model;
    private final int maxRows;
    private final int maxPicture;

    /** The signature of a model that takes at most so many rows in a request, and pictures of so many bytes. */
    RequestSignature(TensorModel model, int maxRows, int maxPicture) {
        this.model = model;
        this.maxRows = maxRows;
        this.maxPicture = maxPicture;
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
            boolean takesPictures = model.pictures().contains(spec.name());
            boolean pictures = takesPictures && tensor.datatype() == Datatype.BYTES;
            mismatch(spec, tensor, pictures).ifPresent(reason -> {
                throw invalid(takesPictures ? reason + EncodedImages.ALSO : reason);
            });
            batch = sameBatch(spec, tensor, batch);
            if (pictures) {
                EncodedImages.tooLarge(tensor, maxPicture).ifPresent(reason -> {
                    throw invalid(reason);
                });
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

    /** The names of the wished outputs; all of them when none is wished. */
    List<String> outputs(List<String> wished) {
        List<String> declared = names(model.outputs());
        for (String name : wished) {
            if (!declared.contains(name)) {
                throw invalid("There is no output \"" + shortened(name) + "\"; there are " + declared);
            }
        }
        return wished.isEmpty() ? declared : wished;
    }

    private static Optional<String> mismatch(TensorSpec spec, Tensor tensor, boolean pictures) {
        return pictures ? EncodedImages.mismatch(tensor) : spec.mismatch(tensor);
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
        int at = NonFiniteValues.first(tensor);
        if (at >= 0) {
            throw invalid("tensor \"" + tensor.name() + "\": element " + at + " must be finite, is "
                    + tensor.floats().get(at));
        }
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
