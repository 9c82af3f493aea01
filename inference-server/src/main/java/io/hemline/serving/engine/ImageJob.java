package io.hemline.serving.engine;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.image.DecodingMemory;
import io.hemline.serving.engine.image.EncoderInput;
import io.hemline.serving.engine.image.EncoderInput.DecodingTimeout;
import io.hemline.serving.engine.image.ImageSize;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An image to be encoded. The encoder's worker decodes it, since decoding costs as much as encoding.
 *
 * <p>Immutable.
 *
 * @param pixels number of pixels of the original image
 * @param decoding produces the encoder's input
 */
public record ImageJob(long pixels, Decoding decoding) {

    /** One job for each image of a tensor: pixels as UINT8, or image files as BYTES. */
    public static List<ImageJob> ofTensor(Tensor images) {
        return images.datatype() == Datatype.BYTES ? ofFiles(images) : ofPixels(images);
    }

    private static List<ImageJob> ofPixels(Tensor images) {
        List<ImageJob> jobs = new ArrayList<>();
        ByteBuffer pixels = images.data();
        for (int offset = 0; offset < pixels.capacity(); offset += EncoderInput.BYTES) {
            byte[] image = new byte[EncoderInput.BYTES];
            pixels.get(offset, image);
            jobs.add(new ImageJob(EncoderInput.SIDE * EncoderInput.SIDE, (memory, deadlineNanos) -> image));
        }
        return jobs;
    }

    private static List<ImageJob> ofFiles(Tensor images) {
        List<ImageJob> jobs = new ArrayList<>();
        for (ByteBuffer file : images.byteStrings()) {
            jobs.add(ofFile(file, "tensor \"" + images.name() + "\": element " + jobs.size()));
        }
        return jobs;
    }

    /** A JPEG, PNG or WebP file. */
    static ImageJob ofFile(byte[] file) {
        return new ImageJob(
                ImageSize.pixels(ByteBuffer.wrap(file)),
                (memory, deadlineNanos) -> EncoderInput.of(file, memory, deadlineNanos));
    }

    /** A file in a shared buffer, and its name in error messages. */
    private static ImageJob ofFile(ByteBuffer file, String name) {
        return new ImageJob(ImageSize.pixels(file), (memory, deadlineNanos) -> {
            byte[] bytes = new byte[file.remaining()];
            file.get(file.position(), bytes);
            try {
                return EncoderInput.of(bytes, memory, deadlineNanos);
            } catch (InvalidImage e) {
                throw new InvalidImage(name + " " + e.getMessage(), e);
            }
        });
    }

    /** Decodes an image to the encoder's input. */
    @FunctionalInterface
    interface Decoding {

        /** uint8 {@code [224][224][3]}. */
        byte[] decode(DecodingMemory memory, long deadlineNanos) throws InvalidImage, DecodingTimeout;
    }
}
