package io.hemline.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Imports every folder of {@code src/test/samples} and compares with what it expects. */
class SamplesTest {

    private static final Path SAMPLES = Path.of("src/test/samples");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyFormOfFileGivesTheExpectedSnapshot() throws IOException {
        List<Path> samples;
        try (Stream<Path> all = Files.list(SAMPLES)) {
            samples = all.filter(Files::isDirectory).sorted().toList();
        }
        return samples.stream()
                .map(sample -> dynamicTest(sample.getFileName().toString(), () -> {
                    if (Files.exists(sample.resolve("refused.txt"))) {
                        assertRefused(sample);
                    } else {
                        assertImported(sample);
                    }
                }));
    }

    private void assertImported(Path sample) throws IOException {
        Path out = folder.resolve(sample.getFileName());

        Imported dry = run(sample, out, "--dry-run", "--json");
        assertThat(dry.exitCode).as(dry.err).isZero();
        assertThat(out).doesNotExist();

        Imported done = run(sample, out, "--json");

        assertThat(done.exitCode).as(done.err).isZero();
        JsonNode report = JSON.readTree(done.out);
        JsonNode expected = JSON.readTree(sample.resolve("expected.json").toFile());
        assertThat(TestSnapshots.lines(out)).containsExactlyElementsOf(expectedLines(sample));
        assertThat(report.get("values")).as("values").isEqualTo(expected.get("values"));
        ObjectNode rules = JSON.createObjectNode();
        report.get("findings").forEach(finding -> {
            String rule = finding.get("rule").asText();
            if (expected.get("rules").has(rule) || !rule.equals("unknown_word")) {
                rules.put(rule, finding.get("count").asInt());
            }
        });
        assertThat((JsonNode) rules).as("rules").isEqualTo(expected.get("rules"));
        assertThat(without(dry.out)).isEqualTo(without(done.out));
    }

    /** The report without the lines that say what was written. */
    private static JsonNode without(String report) throws IOException {
        return ((ObjectNode) JSON.readTree(report)).without("written");
    }

    private void assertRefused(Path sample) throws IOException {
        Path out = folder.resolve(sample.getFileName());
        String reason = Files.readString(sample.resolve("refused.txt")).strip();

        Imported done = run(sample, out);

        assertThat(done.exitCode).isEqualTo(1);
        assertThat(done.err).contains(reason).hasLineCount(1);
        assertThat(out.resolve("features.jsonl.gz")).doesNotExist();
    }

    private static List<JsonNode> expectedLines(Path sample) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(sample.resolve("expected.jsonl"))) {
            lines.add(TestSnapshots.canonical(JSON.readTree(line)));
        }
        return lines;
    }

    private record Imported(int exitCode, String out, String err) {}

    private static Imported run(Path sample, Path out, String... more) throws IOException {
        List<String> arguments = new ArrayList<>();
        try (Stream<Path> files = Files.list(sample)) {
            files.filter(file -> !file.getFileName().toString().matches("expected\\..*|arguments.txt|refused.txt"))
                    .sorted()
                    .forEach(file -> arguments.add(file.toString()));
        }
        if (Files.exists(sample.resolve("arguments.txt"))) {
            arguments.addAll(Files.readAllLines(sample.resolve("arguments.txt")));
        }
        arguments.addAll(List.of("--out", out.toString()));
        arguments.addAll(Arrays.asList(more));
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int exitCode = TestSnapshots.run(outText, errText, arguments.toArray(String[]::new));
        return new Imported(exitCode, outText.toString(), errText.toString());
    }
}
