package io.hemline.store;

import java.util.List;
import java.util.Locale;

/** What must hold between golden answers and the manifest beside them. */
final class GoldenRules {

    private GoldenRules() {}

    /** Throws a {@link FormatException} unless each case has just the graph's tensors, in one allowed batch size. */
    static void check(Golden golden, Manifest manifest) {
        check("forecaster", golden.forecaster(), manifest.graphs().forecaster(), manifest.batchSizes());
        check("image_encoder", golden.imageEncoder(), manifest.graphs().imageEncoder(), manifest.batchSizes());
    }

    private static void check(String graph, List<Golden.Case> cases, Manifest.Graph specs, List<Integer> batchSizes) {
        for (int i = 0; i < cases.size(); i++) {
            String path = graph + "[" + i + "]";
            long batch = batch(path + ".request.inputs", cases.get(i).request());
            if (batchSizes.stream().noneMatch(size -> size == batch)) {
                throw wrong(path + ".request.inputs", "batch size must be one of " + batchSizes + ", is " + batch);
            }
            check(path + ".request.inputs", cases.get(i).request(), specs.inputs(), batch);
            check(path + ".response.outputs", cases.get(i).expected(), specs.outputs(), batch);
        }
    }

    private static void check(String path, List<Tensor> tensors, List<TensorSpec> specs, long batch) {
        for (TensorSpec spec : specs) {
            Tensor tensor = tensors.stream()
                    .filter(t -> t.name().equals(spec.name()))
                    .findFirst()
                    .orElseThrow(() -> wrong(path, "tensor \"" + spec.name() + "\" is missing"));
            spec.mismatch(tensor).ifPresent(why -> {
                throw wrong(path, why);
            });
            if (tensor.shape()[0] != batch) {
                throw wrong(
                        path,
                        String.format(
                                Locale.ROOT,
                                "tensor \"%s\": batch size must be %d as in the other tensors, is %d",
                                spec.name(),
                                batch,
                                tensor.shape()[0]));
            }
        }
        if (tensors.size() != specs.size()) {
            throw wrong(path, "must hold " + specs.size() + " tensors, holds " + tensors.size());
        }
    }

    private static long batch(String path, List<Tensor> tensors) {
        if (tensors.isEmpty() || tensors.get(0).shape().length == 0) {
            throw wrong(path, "must hold tensors with a batch dimension");
        }
        return tensors.get(0).shape()[0];
    }

    private static FormatException wrong(String path, String what) {
        return new FormatException("golden.json: member " + path + ": " + what);
    }
}
