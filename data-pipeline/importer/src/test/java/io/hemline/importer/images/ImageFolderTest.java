package io.hemline.importer.images;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.ServerConfig;
import io.hemline.serving.config.ConfigLayer;
import io.hemline.serving.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

    private static final Path PLAIN = Path.of("../../model-store/fixtures/images/plain.jpg");
    private static final Path WIDE = Path.of("../../model-store/fixtures/images/wide.webp");

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private ImageEmbeddings encoder;
    private float[] plain;
    private float[] wide;

    @BeforeEach
    void open() {
        encoder = ImageEmbeddings.open(
                ConfigReader.read(
                        ServerConfig.defaults(),
                        List.of(new ConfigLayer("test", Map.of("store.url", "../../model-store/fixtures/store/good")))),
                ledger);
        plain = requireNonNull(encoder.embed(List.of(PLAIN)));
        wide = requireNonNull(encoder.embed(List.of(WIDE)));
        assertThat(plain).isNotEqualTo(wide);
    }

    @AfterEach
    void close() {
        encoder.close();
    }

    @Test
    void findsTheImagesOfTrendsByTheirNames() throws IOException {
        put(PLAIN, "WideLeg.JPG");
        put(PLAIN, "vn_áo dài_1.jpeg");
        put(WIDE, "us_denim.webp");
        put(PLAIN, "denim_2.jpg");
        put(PLAIN, "y2k/IMG 001.jpg");
        put(PLAIN, "vn_cargo/a.png");
        put(PLAIN, "br_female_shoes_0.jpg");

        assertThat(apply(trend("wideleg", "vn"))).isEqualTo(plain);
        assertThat(apply(trend("wideleg", "us"))).isEqualTo(plain);
        assertThat(apply(trend("áo dài", "vn"))).isEqualTo(plain);
        assertThat(apply(trend("áo dài", "us"))).isNull();
        assertThat(apply(trend("denim", "us"))).isEqualTo(mean());
        assertThat(apply(trend("denim", "br"))).isEqualTo(plain);
        assertThat(apply(trend("y2k", "br"))).isEqualTo(plain);
        assertThat(apply(trend("cargo", "vn"))).isEqualTo(plain);
        assertThat(apply(trend("br_female_shoes_0", "br"))).isEqualTo(plain);
        assertThat(ledger.applied()).containsOnlyKeys(Rule.TREND_WITHOUT_IMAGE);
    }

    @Test
    void prefersTheLongestTrend() throws IOException {
        List<TrendRecord> trends = List.of(trend("us_denim", "vn"), trend("denim", "us"), trend("us_denim_2", "vn"));
        put(PLAIN, "us_denim.jpg");
        put(WIDE, "us_denim_2.webp");
        ImageFolder images = ImageFolder.read(folder, trends, ledger);

        List<TrendRecord> applied =
                trends.stream().map(trend -> images.apply(trend, encoder)).toList();

        assertThat(applied.get(0).embedding()).isEqualTo(plain);
        assertThat(applied.get(1).embedding()).isNull();
        assertThat(applied.get(2).embedding()).isEqualTo(wide);
    }

    @Test
    void tellsFilesAndTrendsThatDoNotMatch() throws IOException {
        put(PLAIN, "unknown.jpg");
        put(PLAIN, "fr_wideleg.jpg");
        put(PLAIN, "wideleg/notes.txt");
        put(PLAIN, ".hidden.jpg");
        put(PLAIN, "other/a.jpg");
        Files.createDirectories(folder.resolve("wideleg/deeper"));
        List<TrendRecord> trends = List.of(trend("wideleg", "vn"));

        TrendRecord applied = ImageFolder.read(folder, trends, ledger).apply(trends.get(0), encoder);

        assertThat(applied).isSameAs(trends.get(0));
        assertThat(ledger.findings(Rule.UNMATCHED_FILE))
                .extracting(finding -> folder.relativize(Path.of(finding.place().toString())) + ": " + finding.detail())
                .containsExactly(
                        "fr_wideleg.jpg: no imported trend is named \"fr_wideleg\"",
                        "other/a.jpg: no imported trend is named \"other\"",
                        "unknown.jpg: no imported trend is named \"unknown\"",
                        "wideleg/deeper: not a file named .jpg, .jpeg, .png, .webp",
                        "wideleg/notes.txt: not a file named .jpg, .jpeg, .png, .webp");
        assertThat(ledger.findings(Rule.TREND_WITHOUT_IMAGE))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail()).isEqualTo("vn/wideleg"));
    }

    @Test
    void namesFilesWithoutControlCharacters() throws IOException {
        put(PLAIN, "a\u001b[2J\u202eb.jpg");

        ImageFolder.read(folder, List.of(), ledger);

        assertThat(ledger.findings(Rule.UNMATCHED_FILE).get(0).place().toString())
                .endsWith("a\ufffd[2J\ufffdb.jpg");
    }

    @Test
    void keepsTheEmbeddingOfATrendWhoseImagesAreUnusable() throws IOException {
        Files.writeString(folder.resolve("wideleg.jpg"), "no image");
        TrendRecord known = record("wideleg", "vn", new float[] {1, 2}, "ab".repeat(32));

        TrendRecord applied = ImageFolder.read(folder, List.of(known), ledger).apply(known, encoder);

        assertThat(applied).isSameAs(known);
        assertThat(ledger.applied()).containsOnlyKeys(Rule.UNUSABLE_IMAGE, Rule.TREND_WITHOUT_IMAGE);
    }

    @Test
    void changesNothingButTheEmbedding() throws IOException {
        put(PLAIN, "wideleg.jpg");
        TrendRecord known = record("wideleg", "vn", new float[] {1, 2}, "ab".repeat(32));

        TrendRecord applied = ImageFolder.read(folder, List.of(known), ledger).apply(known, encoder);

        assertThat(applied)
                .usingRecursiveComparison()
                .isEqualTo(record("wideleg", "vn", plain, encoder.encoderDigest()));
    }

    @Test
    void refusesWhatIsNoFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("a.jpg"));

        assertThatThrownBy(() -> ImageFolder.read(folder.resolve("none"), List.of(), ledger))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("none is no folder");
        assertThatThrownBy(() -> ImageFolder.read(file, List.of(), ledger))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("a.jpg is no folder");
    }

    /** The embedding that the folder gives the trend, among a few others. */
    private float @Nullable [] apply(TrendRecord trend) {
        List<TrendRecord> trends = List.of(
                trend,
                trend("wideleg", "fr"),
                trend("áo dài", "vn"),
                trend("denim", "us"),
                trend("y2k", "us"),
                trend("cargo", "vn"),
                trend("br_female_shoes_0", "br"));
        return ImageFolder.read(folder, trends, ledger).apply(trend, encoder).embedding();
    }

    private float[] mean() {
        float[] mean = new float[plain.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (((double) plain[i] + wide[i]) / 2);
        }
        return mean;
    }

    private void put(Path image, String name) throws IOException {
        Path target = folder.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(image, target);
    }

    private static TrendRecord trend(String trend, String market) {
        return record(trend, market, null, null);
    }

    private static TrendRecord record(
            String trend, String market, float @Nullable [] embedding, @Nullable String digest) {
        return new TrendRecord(
                trend,
                market,
                "female",
                "pants",
                LocalDate.of(2022, 1, 3),
                LocalDate.of(2026, 11, 16),
                Instant.parse("2026-11-23T00:00:00Z"),
                new double[] {1, 2},
                new double[] {0, 1},
                new double[] {-1, 1},
                new double[] {3, 4},
                embedding,
                digest);
    }
}
