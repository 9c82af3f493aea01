package io.hemline.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The expected answers of an artifact's graphs, case by case. Immutable. */
public record Golden(List<Case> forecaster, List<Case> imageEncoder) {

    public static final String FILE = "golden.json";

    public Golden {
        forecaster = List.copyOf(forecaster);
        imageEncoder = List.copyOf(imageEncoder);
    }

    /** Reads a {@code golden.json}. */
    public static Golden read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return GoldenReader.read(in);
        } catch (IOException e) {
            throw new StoreException("cannot read " + file + ": " + e, e);
        }
    }

    /** Throws a {@link FormatException} unless each case has exactly the graph's tensors, in one allowed batch size. */
    void check(Manifest manifest) {
        check("forecaster", forecaster, manifest.graphs().forecaster(), manifest.batchSizes());
        check("image_encoder", imageEncoder, manifest.graphs().imageEncoder(), manifest.batchSizes());
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

    /** A request to a graph, and the expected answer. */
    public record Case(List<Tensor> request, List<Tensor> expected) {

        public Case {
            request = List.copyOf(request);
            expected = List.copyOf(expected);
        }

        /**
         * The first difference beyond the tolerance, as a sentence with tensor, index, expected and actual value;
         * empty if all expected tensors are within it. Further tensors in the answer are ignored.
         */
        public Optional<String> difference(List<Tensor> answer, Manifest.Tolerance tolerance) {
            for (Tensor want : expected) {
                Optional<Tensor> got = answer.stream()
                        .filter(t -> t.name().equals(want.name()))
                        .findFirst();
                if (got.isEmpty()) {
                    return Optional.of("tensor \"" + want.name() + "\" is missing from the answer");
                }
                Optional<String> difference = TensorComparison.difference(want, got.get(), tolerance);
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }

        /** Whether the answer has no {@link #difference} at this absolute and relative tolerance. */
        public boolean within(List<Tensor> answer, double atol, double rtol) {
            return difference(answer, new Manifest.Tolerance(atol, rtol)).isEmpty();
        }
    }
}
