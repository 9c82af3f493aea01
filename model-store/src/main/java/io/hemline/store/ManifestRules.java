package io.hemline.store;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The rules for the values of a manifest, beyond their types. */
final class ManifestRules {

    static final int MAX_IR_VERSION = 10;
    static final int MAX_OPSET = 22;
    static final List<String> VARIABLES = List.of("volume", "influencer_share", "sentiment", "engagement");

    private static final Pattern MODEL = Pattern.compile("[a-z][a-z0-9_-]{0,63}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private ManifestRules() {}

    static boolean isModelName(String text) {
        return MODEL.matcher(text).matches();
    }

    /** Throws a {@link FormatException} that names the first member that breaks a rule. */
    static void check(Manifest manifest) {
        require(
                isModelName(manifest.model()),
                "model",
                "a lower-case name of letters, digits, - and _",
                manifest.model());
        checkFiles(manifest.files());
        checkGraph("forecaster", manifest.graphs().forecaster(), manifest);
        checkGraph("image_encoder", manifest.graphs().imageEncoder(), manifest);
        checkForecast(manifest);
        checkVocabularies(manifest.vocabularies());
        checkEncoder(manifest);
        checkBatchSizes(manifest.batchSizes());
        Manifest.Tolerance tolerance = manifest.tolerance();
        require(tolerance.atol() >= 0, "tolerance.atol", "at least 0", tolerance.atol());
        require(tolerance.rtol() >= 0, "tolerance.rtol", "at least 0", tolerance.rtol());
        GraphSignatures.check(manifest);
    }

    private static void checkFiles(List<Manifest.StoredFile> files) {
        String before = "";
        for (int i = 0; i < files.size(); i++) {
            Manifest.StoredFile file = files.get(i);
            String path = "files[" + i + "]";
            boolean own = file.path().equals(Manifest.FILE) || file.path().equals(SignatureBundle.FILE);
            require(
                    FILE.matcher(file.path()).matches() && !own,
                    path + ".path",
                    "the plain name of a file in the version's folder other than manifest.json and model.sig",
                    file.path());
            require(
                    file.path().compareTo(before) > 0,
                    path + ".path",
                    "after \"" + before + "\" in order",
                    file.path());
            require(file.size() >= 0, path + ".size", "at least 0 bytes", file.size());
            require(isSha256(file.sha256()), path + ".sha256", "a SHA-256 of 64 lower-case hex digits", file.sha256());
            before = file.path();
        }
        requireListed(files, Golden.FILE, "files");
        requireListed(files, "card.md", "files");
    }

    private static void checkGraph(String name, Manifest.Graph graph, Manifest manifest) {
        String path = "graphs." + name;
        requireListed(manifest.files(), graph.file(), path + ".file");
        requireRange(path + ".ir_version", graph.irVersion(), 1, MAX_IR_VERSION);
        requireRange(path + ".opset", graph.opset(), 1, MAX_OPSET);
    }

    private static void checkForecast(Manifest manifest) {
        requireRange("horizon", manifest.horizon(), 1, 52);
        requireRange("context_length", manifest.contextLength(), manifest.horizon(), 520);
        List<Double> levels = manifest.quantileLevels();
        boolean ascending = IntStream.range(1, levels.size()).allMatch(i -> levels.get(i - 1) < levels.get(i));
        boolean inside = levels.stream().allMatch(level -> level > 0 && level < 1);
        require(
                ascending && inside && levels.contains(0.5),
                "quantile_levels",
                "ascending between 0 and 1 with 0.5 among them",
                levels);
        require(manifest.variables().equals(VARIABLES), "variables", VARIABLES.toString(), manifest.variables());
        requireWords("drivers", manifest.drivers());
    }

    private static void checkVocabularies(Manifest.Vocabularies vocabularies) {
        requireWords("vocabularies.market", vocabularies.market());
        requireWords("vocabularies.gender", vocabularies.gender());
        requireWords("vocabularies.category", vocabularies.category());
    }

    private static void checkEncoder(Manifest manifest) {
        requireRange("embedding_dim", manifest.embeddingDim(), 1, 4096);
        String file = manifest.graphs().imageEncoder().file();
        String digest = manifest.files().stream()
                .filter(f -> f.path().equals(file))
                .map(Manifest.StoredFile::sha256)
                .findFirst()
                .orElse("");
        require(
                manifest.encoderDigest().equals(digest),
                "encoder_digest",
                "the SHA-256 that files lists for " + file,
                manifest.encoderDigest());
    }

    private static void checkBatchSizes(List<Integer> sizes) {
        boolean ascending = IntStream.range(1, sizes.size()).allMatch(i -> sizes.get(i - 1) < sizes.get(i));
        boolean fromOne = !sizes.isEmpty() && sizes.get(0) == 1 && sizes.get(sizes.size() - 1) <= 1024;
        require(ascending && fromOne, "batch_sizes", "ascending from 1 to at most 1024", sizes);
    }

    static boolean isSha256(String text) {
        return SHA256.matcher(text).matches();
    }

    private static void requireListed(List<Manifest.StoredFile> files, String name, String path) {
        require(
                files.stream().anyMatch(f -> f.path().equals(name)),
                path,
                "a list of files with \"" + name + "\"",
                name);
    }

    private static void requireWords(String path, List<String> words) {
        boolean good = !words.isEmpty()
                && words.stream().noneMatch(String::isBlank)
                && new HashSet<>(words).size() == words.size();
        require(good, path, "one or more different words", words);
    }

    private static void requireRange(String path, int value, int min, int max) {
        require(value >= min && value <= max, path, "from " + min + " to " + max, value);
    }

    static void require(boolean holds, String path, String expected, Object actual) {
        if (!holds) {
            throw new FormatException("member " + path + " must be " + expected + ", is " + actual);
        }
    }
}
