package io.hemline.serving.model;

import io.hemline.serving.features.image.BadImage;
import io.hemline.serving.features.image.DecodingRoom;
import io.hemline.serving.features.image.LateImage;

/** An image on its way to the encoder; decoded by the worker, since decoding is as dear as encoding. */
@FunctionalInterface
interface ImageJob {

    /** uint8 {@code [224][224][3]}. */
    byte[] pixels(DecodingRoom room, long deadlineNanos) throws BadImage, LateImage;
}
