package io.hemline.importer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.hemline.importer.report.ImportException;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.features.KnownTrend;
import io.hemline.serving.features.SnapshotSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {

    private static final Path SCHEMA = Path.of("../../model-store/feature-schema.json");
    private static final LocalDate WEEK = LocalDate.of(2026, 11, 16);
    private static final String DIGEST = "ab".repeat(32);
    private static final String LINE = """
            {"trend":"wideleg","market":"vn","last_week":"2026-11-16","volume":[1.5,null]}""";

    private static final TrendRecord WIDELEG = new TrendRecord(
            "wideleg",
            "vn",
            "female",
            "pants",
            LocalDate.of(2022, 1, 3),
            WEEK,
            Instant.parse("2026-11-23T00:00:00Z"),
            new double[] {1.338, Double.NaN, 3},
            new double[] {0.25, Double.NaN, 1},
            new double[] {-1, Double.NaN, -0.0},
            new double[] {1e-7, 1e20, 0.1 + 0.2},
            new float[] {0.1f, -1e-9f, 1e29f},
            DIGEST);
    private static final TrendRecord BARE = new TrendRecord(
            "áo dài \"x\"\n😀", "us", null, null, null, WEEK, null, new double[] {0}, null, null, null, null, null);

    @TempDir
    private Path folder;

    @Test
    void writesLinesSortedByMarketAndTrendWithShortNumbers() throws IOException {
        Path file = folder.resolve("new/features.jsonl.gz");

        SnapshotFile.write(file, List.of(WIDELEG, BARE));

        assertThat(lines(file)).isEqualTo("""
                {"trend":"áo dài \\"x\\"\\n😀","market":"us","gender":null,"category":null,"first_seen":null,\
                "last_week":"2026-11-16","features_as_of":null,"volume":[0.0],"influencer_share":null,\
                "sentiment":null,"engagement":null,"image_embedding":null,"encoder_digest":null}
                {"trend":"wideleg","market":"vn","gender":"female","category":"pants","first_seen":"2022-01-03",\
                "last_week":"2026-11-16","features_as_of":"2026-11-23T00:00:00Z","volume":[1.338,null,3.0],\
                "influencer_share":[0.25,null,1.0],"sentiment":[-1.0,null,0.0],\
                "engagement":[1.0E-7,1.0E20,0.30000000000000004],"image_embedding":[0.1,-1.0E-9,1.0E29],\
                "encoder_digest":"%s"}
                """.formatted(DIGEST));
    }

    @Test
    void writesWhatTheSchemaAccepts() throws IOException {
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(Files.readString(SCHEMA));
        Path file = folder.resolve("features.jsonl.gz");

        SnapshotFile.write(file, List.of(WIDELEG, BARE));

        assertThat(lines(file).lines())
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(schema.validate(line, InputFormat.JSON)).isEmpty());
    }

    @Test
    void writesWhatTheServerReads() {
        Path file = folder.resolve("features.jsonl.gz");

        SnapshotFile.write(file, List.of(WIDELEG, BARE));

        SnapshotSource source = SnapshotSource.read(file);
        KnownTrend found = source.find(List.of(new TrendQuestion("wideleg", "vn")))
                .result()
                .get(0)
                .orElseThrow();
        assertThat(found.series().volume()).containsExactly(WIDELEG.volume());
        assertThat(found.series().engagement()).containsExactly(WIDELEG.engagement());
        assertThat(found.embedding()).containsExactly(WIDELEG.embedding());
        assertThat(found.attributes().category()).isEqualTo("pants");
        assertThat(source.markets()).containsExactlyInAnyOrder("us", "vn");
    }

    @Test
    void readsWhatItWroteAndWritesTheSameBytesAgain() throws IOException {
        Path file = folder.resolve("features.jsonl.gz");
        SnapshotFile.write(file, List.of(WIDELEG, BARE));
        byte[] first = Files.readAllBytes(file);

        List<TrendRecord> trends = SnapshotFile.read(file);
        SnapshotFile.write(file, List.of(trends.get(1), trends.get(0)));

        assertThat(trends)
                .usingRecursiveComparison()
                .withEqualsForType(SnapshotFileTest::same, Double.class)
                .isEqualTo(List.of(BARE, WIDELEG));
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void copiesTheDemosSnapshot() throws IOException {
        Path demo = Path.of("../../model-store/demo/features.jsonl.gz");
        Path copy = folder.resolve("copy.gz");

        SnapshotFile.write(copy, SnapshotFile.read(demo));

        assertThat(trees(copy)).isEqualTo(trees(demo)).hasSize(300);
    }

    @Test
    void namesTheInvalidLineAndField() {
        assertInvalid("{\"colour\":1}", "colour: unknown field");
        assertInvalid(LINE, "trend: \"wideleg\" stands twice in market \"vn\"");
        assertInvalid(with("\"trend\":\"#A\""), "trend: \"#A\" is not canonical, \"a\" would be");
        assertInvalid(with("\"market\":\"\""), "market: is empty");
        assertInvalid(with("\"last_week\":\"2026-11-17\""), "last_week: 2026-11-17 is a TUESDAY, not a Monday");
        assertInvalid(with("\"last_week\":\"2026-02-30\""), "last_week: there is no day 2026-02-30");
        assertInvalid(with("\"last_week\":\"soon\""), "last_week: a date such as 2026-11-16 is expected, not soon");
        assertInvalid(with("\"volume\":[-1]"), "volume[0]: 0.0 to 1.0E30, not -1.0");
        assertInvalid(with("\"volume\":[1,\"2\"]"), "volume[1]: a number is expected, not 2");
        assertInvalid(with("\"volume\":[]"), "volume: 1 to 520 weeks, not 0");
        assertInvalid(with("\"sentiment\":[1.5,0]"), "sentiment[0]: -1.0 to 1.0, not 1.5");
        assertInvalid(with("\"sentiment\":[1]"), "sentiment: as long as the volume, 2 weeks, not 1");
        assertInvalid(with("\"image_embedding\":[1]"), "encoder_digest: is missing beside image_embedding");
        assertInvalid(with("\"encoder_digest\":\"ab\""), "encoder_digest: 64 hexadecimal digits, not \"ab\"");
        assertInvalid("{}", "trend: is missing");
        assertInvalid("", "not JSON: it is empty");
        assertInvalid("{", "not JSON: ");
        assertInvalid("[]", "an object is expected");
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain.gz"), LINE);
        Path truncated = write("truncated.gz", LINE + "\n");
        byte[] bytes = Files.readAllBytes(truncated);
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length - 10));

        assertThatThrownBy(() -> SnapshotFile.read(folder.resolve("none")))
                .isInstanceOf(ImportException.class)
                .hasMessage(folder.resolve("none") + ": there is no such file");
        assertThatThrownBy(() -> SnapshotFile.read(plain))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("Not in GZIP format");
        assertThatThrownBy(() -> SnapshotFile.read(truncated)).isInstanceOf(ImportException.class);
    }

    @Test
    void refusesALineThatIsTooLongToBeATrend() throws IOException {
        Path file = write("bomb.gz", " ".repeat(3_000_000));

        assertThatThrownBy(() -> SnapshotFile.read(file))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("line 1, over 1048576 bytes: it is no trend");
    }

    @Test
    void leavesTheEarlierFileAndNoTemporaryOneWhenItFails() throws IOException {
        Path file = folder.resolve("features.jsonl.gz");
        SnapshotFile.write(file, List.of(WIDELEG));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(before, 0, 10);
                    out.flush();
                    throw new IOException("the disk is full");
                }))
                .hasMessage("the disk is full");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(names()).containsExactly("features.jsonl.gz");
    }

    @Test
    void leavesNoTemporaryFileWhenTheTargetIsAFolder() throws IOException {
        Path file = Files.createDirectories(folder.resolve("features.jsonl.gz"));

        assertThatThrownBy(() -> SnapshotFile.write(file, List.of(WIDELEG))).isInstanceOf(ImportException.class);

        assertThat(names()).containsExactly("features.jsonl.gz");
    }

    @Test
    void refusesToWriteATrendThatBreaksTheSchemaOrStandsTwice() {
        Path file = folder.resolve("features.jsonl.gz");

        assertThatThrownBy(() -> SnapshotFile.write(file, List.of(WIDELEG, WIDELEG)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(file).doesNotExist();
    }

    private static boolean same(double one, double other) {
        return one == other || (Double.isNaN(one) && Double.isNaN(other));
    }

    /** The invalid line is the second one. */
    private void assertInvalid(String line, String message) {
        assertThatThrownBy(() -> SnapshotFile.read(write("features.jsonl.gz", LINE + "\n" + line + "\n{}\n")))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("features.jsonl.gz, line 2, " + message);
    }

    /** A trend beside the first line's, with a member added or replaced. */
    private static String with(String member) {
        String name = member.substring(0, member.indexOf(':'));
        String line = LINE.replace("vn", "us").replaceAll(name + ":(\"[^\"]*\"|\\[[^]]*])", "\"gender\":null");
        return line.substring(0, line.length() - 1) + "," + member + "}";
    }

    private Path write(String name, String lines) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(lines.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static String lines(Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<JsonNode> trees(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> trees = new ArrayList<>();
        for (String line : lines(file).split("\n", -1)) {
            if (!line.isEmpty()) {
                trees.add(mapper.readTree(line));
            }
        }
        return trees;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
