package io.hemline.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.batch.ThreadPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingCacheTest {

    private static final byte[] BAG = {1};
    private static final byte[] SHOE = {2};

    private final List<Promise<float[]>> encodings = new ArrayList<>();
    private final EmbeddingCache cache = new EmbeddingCache(10_000);

    private Future<float[]> get(String encoder, byte[] image) {
        return cache.get(encoder, image, () -> {
            Promise<float[]> encoding = Promise.promise();
            encodings.add(encoding);
            return encoding.future();
        });
    }

    @Test
    void encodesConcurrentEqualImagesOnce() {
        Future<float[]> first = get("vit", BAG);
        Future<float[]> second = get("vit", BAG.clone());

        encodings.get(0).complete(new float[] {7});

        assertThat(encodings).hasSize(1);
        assertThat(first.result()).containsExactly(7);
        assertThat(second.result()).containsExactly(7);
    }

    @Test
    void cachesByEncoderAndContent() {
        get("vit", BAG);
        encodings.get(0).complete(new float[] {7});

        assertThat(get("vit", BAG).result()).containsExactly(7);
        assertThat(get("other", BAG).isComplete()).isFalse();
        assertThat(get("vit", SHOE).isComplete()).isFalse();
        assertThat(encodings).hasSize(3);
    }

    @Test
    void doesNotCacheAFailure() {
        Future<float[]> failed = get("vit", BAG);
        encodings.get(0).fail("broken");

        Future<float[]> again = get("vit", BAG);

        assertThat(failed.failed()).isTrue();
        assertThat(again.isComplete()).isFalse();
        assertThat(encodings).hasSize(2);
    }

    @Test
    void encodesAgainForARequestThatJoinedARejectedOne() {
        get("vit", BAG);
        Future<float[]> joined = get("vit", BAG);

        encodings.get(0).fail(late());
        encodings.get(1).complete(new float[] {7});

        assertThat(joined.result()).containsExactly(7);
    }

    /** The rejection of a row whose deadline has passed. */
    private static Throwable late() {
        try (Batcher<Integer, Integer> batcher = Batcher.start(
                new ThreadPool("late", 1, Thread.NORM_PRIORITY),
                QueueLimit.ofRows(1),
                BatchSizes.of(List.of(1), 1),
                () -> rows -> rows,
                () -> 0,
                rows -> {})) {
            return batcher.submit(List.of(1), 0)
                    .map(done -> new Throwable())
                    .otherwise(cause -> cause)
                    .await();
        }
    }

    @Test
    void staysWithinItsLimitOfBytes() {
        EmbeddingCache small = new EmbeddingCache(3_000);
        for (byte image = 0; image < 100; image++) {
            small.get("vit", new byte[] {image}, () -> Future.succeededFuture(new float[64]));
        }
        List<Byte> encodedAgain = new ArrayList<>();

        for (byte image = 0; image < 100; image++) {
            byte own = image;
            small.get("vit", new byte[] {image}, () -> {
                encodedAgain.add(own);
                return Future.failedFuture("only counted");
            });
        }

        assertThat(encodedAgain).hasSizeBetween(93, 99);
    }
}
