package io.hemline.serving.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.core.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cache of embeddings by the digests of the encoder and the image, shared by versions with the same encoder. Concurrent
 * requests for equal images share one encoding.
 *
 * <p>Thread-safe: both maps are concurrent; the request that adds a key to {@code inFlight} removes it.
 */
final class EmbeddingCache {

    private static final int ENTRY_BYTES = 200;

    private final Cache<Key, float[]> embeddings;
    private final ConcurrentHashMap<Key, Promise<float[]>> inFlight = new ConcurrentHashMap<>();

    EmbeddingCache(long maxBytes) {
        this.embeddings = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, float[] embedding) -> ENTRY_BYTES + embedding.length * Float.BYTES)
                .executor(Runnable::run)
                .build();
    }

    /** The cached embedding, the result of an encoding in progress, or the result of {@code encode}. */
    Future<float[]> get(String encoderDigest, byte[] imageDigest, Supplier<Future<float[]>> encode) {
        Key key = new Key(encoderDigest, ByteBuffer.wrap(imageDigest));
        float[] cached = embeddings.getIfPresent(key);
        if (cached != null) {
            return Future.succeededFuture(cached);
        }
        Promise<float[]> own = Promise.promise();
        Promise<float[]> running = inFlight.putIfAbsent(key, own);
        if (running != null) {
            return CallerContext.completed(running.future())
                    .recover(failure -> failure instanceof BatchRejected ? encode.get() : Future.failedFuture(failure));
        }
        return encode.get().onComplete((embedding, failure) -> complete(key, own, embedding, failure));
    }

    private void complete(
            Key key, Promise<float[]> promise, float @Nullable [] embedding, @Nullable Throwable failure) {
        if (embedding != null) {
            embeddings.put(key, embedding);
        }
        inFlight.remove(key);
        if (embedding != null) {
            promise.complete(embedding);
        } else {
            promise.fail(failure);
        }
    }

    /** The digest's bytes are never written. */
    private record Key(String encoder, ByteBuffer image) {}
}
