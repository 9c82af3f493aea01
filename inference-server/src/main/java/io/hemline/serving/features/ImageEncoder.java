package io.hemline.serving.features;

import io.hemline.serving.forecast.Image;
import io.vertx.core.Future;

/** Turns images into embeddings, beside the path of the forecasts. */
public interface ImageEncoder {

    /**
     * The embedding of one image.
     *
     * @return the embedding; or {@link io.hemline.serving.features.image.BadImage} for bytes that are no image we read, or a
     *     {@link io.hemline.serving.forecast.ForecastException}
     */
    Future<float[]> encode(Image image, long deadlineNanos);
}
