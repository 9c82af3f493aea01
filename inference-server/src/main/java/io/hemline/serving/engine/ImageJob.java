package io.hemline.serving.engine;

import io.hemline.serving.core.InvalidImage;
import io.hemline.serving.engine.image.DecodingRoom;
import io.hemline.serving.engine.image.EncoderInput;
import io.hemline.serving.engine.image.ImageSize;
import io.hemline.serving.engine.image.LateImage;
import java.nio.ByteBuffer;

/**
 * An image on its way to the encoder; decoded by the worker, since decoding is as dear as encoding.
 *
 * <p>Immutable.
 *
 * @param pixels how many it has, before it is brought to its size
 * @param decoding makes uint8 {@code [224][224][3]} of it
 */
record ImageJob(long pixels, Decoding decoding) {

    /** An image that is decoded already. */
    static ImageJob ofSquare(byte[] square) {
        return new ImageJob(EncoderInput.SIDE * EncoderInput.SIDE, (room, deadlineNanos) -> square);
    }

    /** A file. */
    static ImageJob ofFile(byte[] file) {
        return new ImageJob(
                ImageSize.pixels(ByteBuffer.wrap(file)),
                (room, deadlineNanos) -> EncoderInput.of(file, room, deadlineNanos));
    }

    /** A file that shares its memory with others, and what it is called when it is no image. */
    static ImageJob ofFile(ByteBuffer file, String place) {
        return new ImageJob(ImageSize.pixels(file), (room, deadlineNanos) -> {
            byte[] bytes = new byte[file.remaining()];
            file.get(file.position(), bytes);
            try {
                return EncoderInput.of(bytes, room, deadlineNanos);
            } catch (InvalidImage e) {
                throw new InvalidImage(place + " " + e.getMessage(), e);
            }
        });
    }

    /** The work, in the room that there is and until the deadline. */
    @FunctionalInterface
    interface Decoding {

        byte[] square(DecodingRoom room, long deadlineNanos) throws InvalidImage, LateImage;
    }
}
