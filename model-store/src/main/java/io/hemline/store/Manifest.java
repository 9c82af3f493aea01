package io.hemline.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The content of {@code manifest.json} in format version 1; {@code FORMAT.md} defines each member. Immutable. */
public record Manifest(
        int formatVersion,
        String model,
        Instant created,
        List<StoredFile> files,
        Graphs graphs,
        int horizon,
        List<Double> quantileLevels,
        int contextLength,
        List<String> variables,
        List<String> drivers,
        Vocabularies vocabularies,
        int embeddingDim,
        String encoderDigest,
        Training training,
        List<Backtest> backtest,
        List<Integer> batchSizes,
        Tolerance tolerance) {

    public static final String FILE = "manifest.json";
    public static final int FORMAT_VERSION = 1;

    public Manifest {
        files = List.copyOf(files);
        quantileLevels = List.copyOf(quantileLevels);
        variables = List.copyOf(variables);
        drivers = List.copyOf(drivers);
        backtest = List.copyOf(backtest);
        batchSizes = List.copyOf(batchSizes);
    }

    /** Reads the UTF-8 text of a manifest; a {@link FormatException} names the first invalid member. */
    public static Manifest parse(byte[] json) {
        Manifest manifest = ManifestReader.read(json);
        ManifestRules.check(manifest);
        return manifest;
    }

    /** One file of the version's folder: a plain name, its size in bytes and its SHA-256 in lower-case hex. */
    public record StoredFile(String path, long size, String sha256) {}

    /** The two graphs of every artifact. */
    public record Graphs(Graph forecaster, Graph imageEncoder) {}

    /** One ONNX graph and its signature. */
    public record Graph(String file, int irVersion, int opset, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        public Graph {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }

    /** The vocabularies of {@code static_ids}: the id of a value is its index + 1, and 0 is any unknown value. */
    public record Vocabularies(List<String> market, List<String> gender, List<String> category) {
        public Vocabularies {
            market = List.copyOf(market);
            gender = List.copyOf(gender);
            category = List.copyOf(category);
        }
    }

    /** The training run. {@code synthetic}: trained on generated data. */
    public record Training(
            String mlflowRunId, String gitCommit, String dataFingerprint, boolean synthetic, long seed) {}

    /** Metrics on held-out data, with those of baselines on the same data. */
    public record Backtest(String dataset, Map<String, Double> metrics, Map<String, Map<String, Double>> baselines) {}

    /** An answer passes when |answer − golden| ≤ atol + rtol · |golden|. */
    public record Tolerance(double atol, double rtol) {}
}
