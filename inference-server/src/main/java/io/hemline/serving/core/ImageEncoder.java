package io.hemline.serving.core;

import io.vertx.core.Future;

/** Turns images into embeddings, beside the path of the forecasts. */
public interface ImageEncoder {

    /**
     * The embedding of one image.
     *
     * @return the embedding; or {@link io.hemline.serving.core.InvalidImage} for bytes that are no readable image, or a
     *     {@link io.hemline.serving.core.ForecastException}
     */
    Future<float[]> encode(Image image, long deadlineNanos);
}
