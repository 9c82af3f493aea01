package io.hemline.store.cli;

import io.hemline.store.Artifact;
import io.hemline.store.Channel;
import io.hemline.store.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An artifact's manifest as text, with its metrics in a table. */
final class ArtifactSummary {

    private ArtifactSummary() {}

    static String text(Artifact artifact, Set<Channel> channels) {
        return facts(artifact, channels) + "\n" + files(artifact.manifest()) + backtests(artifact.manifest());
    }

    private static String facts(Artifact artifact, Set<Channel> channels) {
        Manifest manifest = artifact.manifest();
        Manifest.Training training = manifest.training();
        Manifest.Vocabularies vocabularies = manifest.vocabularies();
        Table facts = new Table("model", artifact.model());
        facts.add("version", Integer.toString(artifact.version()));
        facts.add("channels", OutputFormat.commaSeparated(channels));
        facts.add("created", manifest.created().toString());
        facts.add("digest", artifact.digest());
        facts.add("folder", artifact.folder().toString());
        facts.add("forecast", manifest.horizon() + " weeks ahead, quantiles " + spaced(manifest.quantileLevels()));
        facts.add("history", manifest.contextLength() + " weeks of " + spaced(manifest.variables()));
        facts.add("drivers", spaced(manifest.drivers()));
        facts.add("markets", spaced(vocabularies.market()));
        facts.add("genders", spaced(vocabularies.gender()));
        facts.add("categories", spaced(vocabularies.category()));
        facts.add("embedding", manifest.embeddingDim() + " dimensions");
        facts.add("batch sizes", spaced(manifest.batchSizes()));
        facts.add(
                "tolerance",
                String.format(
                        Locale.ROOT,
                        "atol %s, rtol %s",
                        manifest.tolerance().atol(),
                        manifest.tolerance().rtol()));
        facts.add("trained on", training.synthetic() ? "synthetic data" : "observed data");
        facts.add("data", training.dataFingerprint());
        facts.add("git commit", training.gitCommit());
        facts.add("MLflow run", training.mlflowRunId());
        facts.add("seed", Long.toString(training.seed()));
        return facts.toString();
    }

    private static String files(Manifest manifest) {
        Table files = new Table("FILE", "BYTES", "SHA-256");
        for (Manifest.StoredFile file : manifest.files()) {
            files.add(file.path(), Long.toString(file.size()), OutputFormat.shortened(file.sha256()));
        }
        return files.toString();
    }

    private static String backtests(Manifest manifest) {
        if (manifest.backtest().isEmpty()) {
            return "\nno backtest\n";
        }
        StringBuilder text = new StringBuilder();
        manifest.backtest().forEach(backtest -> text.append('\n').append(backtest(backtest)));
        return text.toString();
    }

    /** One row per metric: the model's value, then each baseline's; a dash for a missing value. */
    private static String backtest(Manifest.Backtest backtest) {
        List<String> baselines = backtest.baselines().keySet().stream().sorted().toList();
        TreeSet<String> metrics = new TreeSet<>(backtest.metrics().keySet());
        backtest.baselines().values().forEach(values -> metrics.addAll(values.keySet()));
        List<String> header = new ArrayList<>(List.of("BACKTEST", "METRIC", "MODEL"));
        header.addAll(baselines);
        Table table = new Table(header.toArray(String[]::new));
        for (String metric : metrics) {
            List<String> row = new ArrayList<>(List.of(backtest.dataset(), metric));
            row.add(number(backtest.metrics().get(metric)));
            baselines.forEach(name -> row.add(
                    number(backtest.baselines().getOrDefault(name, Map.of()).get(metric))));
            table.add(row.toArray(String[]::new));
        }
        return table.toString();
    }

    private static String number(@Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String spaced(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(" "));
    }
}
