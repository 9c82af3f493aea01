package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Series;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EncoderMismatchTest {

    @Test
    void countsTheStoredEmbeddingsOfOtherEncoders() {
        SnapshotSource source = sourceOf("ours", "ours", "theirs", "older", null);

        assertThat(EncoderMismatch.of(source, "ours")).isEqualTo(new EncoderMismatch(2, 4));
        assertThat(EncoderMismatch.of(source, "new")).isEqualTo(new EncoderMismatch(4, 4));
    }

    @Test
    void namesTheShareThatExceedsTheLimit() {
        EncoderMismatch half = new EncoderMismatch(2, 4);

        assertThat(half.fault(0.5)).isEmpty();
        assertThat(half.fault(0.49))
                .hasValue("2 of 4 stored embeddings are of another image encoder and would count as missing: 0.500,"
                        + " over features.max-embedding-mismatch of 0.490");
    }

    @Test
    void hasNoFaultWithoutStoredEmbeddings() {
        assertThat(EncoderMismatch.of(sourceOf(null, null), "ours").fault(0)).isEmpty();
    }

    private static SnapshotSource sourceOf(@Nullable String... digests) {
        List<KnownTrend> trends = new ArrayList<>();
        for (String digest : digests) {
            float[] embedding = {1};
            trends.add(new KnownTrend(
                    "trend" + trends.size(),
                    "vn",
                    Series.of(LocalDate.of(2026, 11, 16), 1, 2),
                    Attributes.UNKNOWN,
                    embedding,
                    digest,
                    "2026-11-23T00:00:00Z",
                    false));
        }
        return new SnapshotSource("test", trends);
    }
}
