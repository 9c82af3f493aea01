package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.testing.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotSourceTest {

    private static final String WIDELEG = """
            {"trend":"wideleg","market":"vn","gender":"female","category":"pants","first_seen":"2022-01-03",\
            "last_week":"2026-11-16","features_as_of":"2026-11-23T00:00:00Z","volume":[1.5,null,3],\
            "influencer_share":null,"sentiment":[null,null,0.5],"image_embedding":[0.25,1],"encoder_digest":"ab"}""";

    @TempDir
    private Path folder;

    @Test
    void readsAllFieldsOfATrend() throws IOException {
        SnapshotSource source = read(WIDELEG);

        KnownTrend trend = find(source, "wideleg", "vn").orElseThrow();

        assertThat(trend.series().volume()).containsExactly(1.5, Double.NaN, 3);
        assertThat(trend.series().sentiment()).containsExactly(Double.NaN, Double.NaN, 0.5);
        assertThat(trend.series().influencerShare()).isNull();
        assertThat(trend.series().engagement()).isNull();
        assertThat(trend.attributes().category()).isEqualTo("pants");
        assertThat(trend.embedding()).containsExactly(0.25f, 1f);
        assertThat(source.asOf()).isEqualTo("2026-11-23T00:00:00Z");
        assertThat(source.markets()).containsExactly("vn");
    }

    @Test
    void findsTheMarketWithTheGreatestRecentVolumeWhenNoneIsNamed() throws IOException {
        SnapshotSource source = read("""
                {"trend":"a","market":"vn","last_week":"2026-11-16","volume":[5]}
                {"trend":"a","market":"us","last_week":"2026-11-16","volume":[9,null]}
                {"trend":"a","market":"jp","last_week":"2026-11-16","volume":[9]}
                {"trend":"a","market":"br","last_week":"2026-11-16","volume":[null]}""");

        assertThat(find(source, "a", null).map(KnownTrend::market)).contains("jp");
        assertThat(find(source, "a", "br")).isPresent();
        assertThat(find(source, "a", "eu")).isEmpty();
        assertThat(find(source, "b", null)).isEmpty();
        assertThat(source.all().result()).hasSize(4);
    }

    @Test
    void namesTheInvalidLineAndField() {
        assertInvalid(
                "{\"trend\":\"a\",\"market\":\"vn\",\"last_week\":\"2026-11-17\",\"volume\":[1]}",
                "last_week: 2026-11-17 is a TUESDAY, not a Monday");
        assertInvalid(
                "{\"trend\":\"a\",\"market\":\"vn\",\"last_week\":\"soon\",\"volume\":[1]}",
                "last_week: a date such as 2026-11-16 is expected, not soon");
        assertInvalid("{\"trend\":\"a\",\"market\":\"vn\",\"volume\":[1]}", "last_week: is missing");
        assertInvalid(
                "{\"trend\":\"#A\",\"market\":\"vn\",\"last_week\":\"2026-11-16\",\"volume\":[1]}",
                "trend: \"#A\" is not canonical, \"a\" would be");
        assertInvalid(
                "{\"trend\":\"a\",\"market\":\"vn\",\"last_week\":\"2026-11-16\",\"volume\":[1,\"2\"]}",
                "volume[1]: a number is expected, not 2");
        assertInvalid(
                "{\"trend\":\"a\",\"market\":\"vn\",\"last_week\":\"2026-11-16\",\"volume\":[1e31]}",
                "volume[0]: at most 1.0E30 either way, not 1e31");
        assertInvalid(
                "{\"trend\":\"a\",\"market\":\"vn\",\"last_week\":\"2026-11-16\",\"volume\":[]}",
                "volume: 1 to 520 weeks, not 0");
        assertInvalid(
                "{\"trend\":\"a\",\"market\":\"vn\",\"last_week\":\"2026-11-16\",\"volume\":[1],\"influencer_share\":[1,2]}",
                "influencer_share: as long as the volume, 1 weeks, not 2");
        assertInvalid("{\"trend\":\"a\",\"market\":\"vn\",\"colour\":\"red\"}", "colour: unknown field");
        assertInvalid(WIDELEG, "trend: \"wideleg\" stands twice in market \"vn\"");
        assertInvalid("[]", "an object is expected");
        assertInvalid("{\"trend\"", "not JSON: ");
    }

    @Test
    void namesAMissingFileAndOneThatIsNotGzipped() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain.jsonl.gz"), WIDELEG);

        assertThatThrownBy(() -> SnapshotSource.read(folder.resolve("none")))
                .hasMessage(folder.resolve("none") + ": there is no such file");
        assertThatThrownBy(() -> SnapshotSource.read(plain)).hasMessageContaining("Not in GZIP format");
    }

    /** The invalid line is the second one. */
    private void assertInvalid(String line, String message) {
        assertThatThrownBy(() -> read(WIDELEG + "\n" + line))
                .isInstanceOf(SnapshotSource.InvalidSnapshot.class)
                .hasMessageContaining("features.jsonl.gz, line 2, " + message);
    }

    private SnapshotSource read(String lines) throws IOException {
        return SnapshotSource.read(Snapshots.write(folder.resolve("features.jsonl.gz"), lines));
    }

    private static Optional<KnownTrend> find(SnapshotSource source, String hashtag, @Nullable String market) {
        return source.find(List.of(new TrendQuestion(hashtag, market))).result().get(0);
    }
}
