package io.hemline.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The answers that an artifact must give wherever it is loaded, case by case for each graph. Immutable. */
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

    /** What goes into a graph, and what must come out of it. */
    public record Case(List<Tensor> request, List<Tensor> expected) {

        public Case {
            request = List.copyOf(request);
            expected = List.copyOf(expected);
        }

        /**
         * The first difference beyond the tolerance, as a sentence with tensor, index, expected and got; empty when all
         * expected tensors are within. Further tensors in the answer do not matter.
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
