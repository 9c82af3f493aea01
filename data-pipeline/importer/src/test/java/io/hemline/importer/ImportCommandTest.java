package io.hemline.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.serving.features.SnapshotSource;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {

    @TempDir
    Path folder;

    private String out = "";
    private String err = "";

    @Test
    void splicesARenormalisedDownloadOntoAnEarlierOne() throws IOException {
        Path first = google("first.csv", LocalDate.of(2026, 8, 30), 40, 60, 80, 100);
        Path second = google("second.csv", LocalDate.of(2026, 9, 13), 40, 50, 90, 100);

        assertThat(run(first)).isZero();
        assertThat(run(second)).isZero();

        JsonNode trend = TestSnapshots.lines(target()).get(0);
        assertThat(values(trend)).containsExactly(20.0, 30.0, 40.0, 50.0, 90.0, 100.0);
        assertThat(out).contains("merged with an earlier import of 1").contains("beret (us): × 0.5, by 2 common weeks");
    }

    @Test
    void startsAnewWithReplace() throws IOException {
        run(google("first.csv", LocalDate.of(2026, 8, 30), 40, 60));

        run(google("second.csv", LocalDate.of(2026, 9, 27), 5, 6), "--replace");

        assertThat(values(TestSnapshots.lines(target()).get(0))).containsExactly(5.0, 6.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not,a\ntable,x\n", "date,hat\n2026-01,5\n2026-02,6\n", "\u0000\u0001\u0002"})
    void badInputNeverChangesAnExistingSnapshot(String content) throws IOException {
        run(google("first.csv", LocalDate.of(2026, 8, 30), 40, 60));
        byte[] before = Files.readAllBytes(target().resolve("features.jsonl.gz"));

        int exitCode = run(Files.writeString(folder.resolve("bad.csv"), content));

        assertThat(exitCode).isEqualTo(1);
        assertThat(err).startsWith("hemline: bad.csv: ").hasLineCount(1);
        assertThat(Files.readAllBytes(target().resolve("features.jsonl.gz"))).isEqualTo(before);
    }

    @Test
    void strictImportsNothingIfAValueIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "date,hat\n2026-01-05,5\n2026-01-12,-6\n2026-01-19,7\n");

        assertThat(run(file, "--strict")).isEqualTo(1);

        assertThat(err).contains("1 values were refused");
        assertThat(target().resolve("features.jsonl.gz")).doesNotExist();
        assertThat(out).contains("negative");
    }

    @Test
    void refusesASecondImportIntoAFolder() throws IOException {
        Path file = google("first.csv", LocalDate.of(2026, 8, 30), 40, 60);

        try (SnapshotFolder other = SnapshotFolder.locked(target(), false)) {
            assertThat(other).isNotNull();
            assertThat(run(file)).isEqualTo(1);
        }

        assertThat(err).contains("another import is writing to");
        assertThat(run(file)).isZero();
    }

    @Test
    void theServerReadsWhatWasWritten() throws IOException {
        run(google("first.csv", LocalDate.of(2026, 8, 30), 40, 60, 80));

        SnapshotSource source = SnapshotSource.read(target().resolve("features.jsonl.gz"));

        assertThat(source).isNotNull();
        try (Stream<Path> files = Files.list(target())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("features.jsonl.gz", ".import.lock");
        }
    }

    @Test
    void hostileNamesAreOnlyText() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), """
                name,date,value
                "=cmd|' /C calc'!A0",2026-01-05,5
                \u001b[31mred,2026-01-05,6
                \u001b[2J,2026-01-05,\u001b[2Jx
                ../../etc,2026-01-05,-1
                """);

        assertThat(run(file)).isZero();

        assertThat(out + err).doesNotContain("\u001b");
        assertThat(TestSnapshots.lines(target()))
                .extracting(trend -> trend.get("trend").asText())
                .contains("=cmd|' /c calc'!a0");
    }

    @Test
    void appliesAttributes() throws IOException {
        Path attributes = Files.writeString(
                folder.resolve("attributes.csv"), "trend,gender,category\nBeret,Women,hat\nunknown,men,shoes\n");

        assertThat(run(google("a.csv", LocalDate.of(2026, 8, 30), 4, 6), "--attributes", attributes.toString()))
                .isZero();

        JsonNode trend = TestSnapshots.lines(target()).get(0);
        assertThat(trend.get("gender").asText()).isEqualTo("female");
        assertThat(trend.get("category").asText()).isEqualTo("hat");
        assertThat(out).contains("attributes of a trend that is not imported");
    }

    @Test
    void usageErrorsSayWhereHelpIs() {
        StringWriter text = new StringWriter();

        int exitCode = TestSnapshots.run(new StringWriter(), text, "a.csv", "--format", "tsv");

        assertThat(exitCode).isEqualTo(2);
        assertThat(text.toString())
                .contains("google-trends, google-trends-long")
                .contains("./hemline import --help");
    }

    private Path google(String name, LocalDate start, double... values) throws IOException {
        StringBuilder text = new StringBuilder("Category: All categories\n\nWeek,beret: (United States)\n");
        for (int i = 0; i < values.length; i++) {
            text.append(start.plusWeeks(i)).append(',').append(values[i]).append('\n');
        }
        return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }

    private Path target() {
        return folder.resolve("out");
    }

    private int run(Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of(file.toString(), "--out", target().toString()));
        arguments.addAll(List.of(more));
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int exitCode = TestSnapshots.run(outText, errText, arguments.toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exitCode;
    }

    private static List<Double> values(JsonNode trend) {
        List<Double> values = new ArrayList<>();
        trend.get("volume").forEach(value -> values.add(value.doubleValue()));
        return values;
    }
}
