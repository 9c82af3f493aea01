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
 * What encoders said of images, by the encoder's digest and the image's, so that versions with the same encoder share it;
 * and who is being asked just now, so that equal images are encoded once.
 *
 * <p>Thread-safe: both maps are concurrent; whoever puts a key into {@code inFlight} takes it out.
 */
public final class EmbeddingCache {

    private static final int ENTRY_BYTES = 200;

    private final Cache<Key, float[]> remembered;
    private final ConcurrentHashMap<Key, Promise<float[]>> inFlight = new ConcurrentHashMap<>();

    public EmbeddingCache(long maxBytes) {
        this.remembered = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, float[] embedding) -> ENTRY_BYTES + embedding.length * Float.BYTES)
                .executor(Runnable::run)
                .build();
    }

    /** What is remembered, or what somebody is being told already, or what {@code encode} says. */
    Future<float[]> of(String encoderDigest, byte[] imageDigest, Supplier<Future<float[]>> encode) {
        Key key = new Key(encoderDigest, ByteBuffer.wrap(imageDigest));
        float[] known = remembered.getIfPresent(key);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        Promise<float[]> own = Promise.promise();
        Promise<float[]> flight = inFlight.putIfAbsent(key, own);
        if (flight != null) {
            return CallerContext.completed(flight.future())
                    .recover(failure -> failure instanceof BatchRejected ? encode.get() : Future.failedFuture(failure));
        }
        return encode.get().onComplete((embedding, failure) -> land(key, own, embedding, failure));
    }

    private void land(Key key, Promise<float[]> flight, float @Nullable [] embedding, @Nullable Throwable failure) {
        if (embedding != null) {
            remembered.put(key, embedding);
        }
        inFlight.remove(key);
        if (embedding != null) {
            flight.complete(embedding);
        } else {
            flight.fail(failure);
        }
    }

    /** Neither digest is written to after it was made. */
    private record Key(String encoder, ByteBuffer image) {}
}
