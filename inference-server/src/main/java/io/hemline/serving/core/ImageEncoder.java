package io.hemline.serving.core;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Converts images to embeddings. */
public interface ImageEncoder {

    /**
     * The embedding of one image.
     *
     * @return the embedding; or {@link io.hemline.serving.core.ImageEncoder.InvalidImage} for bytes that are no
     *     readable image, or a {@link io.hemline.serving.core.ForecastException}
     */
    Future<float[]> encode(Image image, long deadlineNanos);

    /** Bytes that are no readable image. The message is a sentence for the client that names value and limit. */
    final class InvalidImage extends Exception {

        private static final long serialVersionUID = 1;

        public InvalidImage(String message) {
            this(message, null);
        }

        public InvalidImage(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
