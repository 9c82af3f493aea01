package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;

/**
 * Converts image files to the input of the image encoder: uint8 {@code [224][224][3]}, R G B. The steps, in this order: EXIF
 * orientation, sRGB, alpha on white, shorter side to 224 by area averaging, centre crop.
 */
public final class EncoderInput {

    /** The side of the square, in pixels. */
    public static final int SIDE = AreaAverage.SIDE;

    /** The bytes of one image. */
    public static final int BYTES = SIDE * SIDE * 3;

    private EncoderInput() {}

    /**
     * Converts a JPEG, PNG or WebP file. The largest files take seconds and up to 128 MB.
     *
     * @param memory bounds the decoded images; this call waits until its image fits
     * @param deadlineNanos of {@link System#nanoTime}
     */
    public static byte[] of(byte[] file, DecodingMemory memory, long deadlineNanos)
            throws InvalidImage, DecodingTimeout {
        ImageFormat format = ImageFormat.of(file);
        byte[] image = file;
        byte[] profile = null;
        switch (format) {
            case JPEG -> JpegMarkers.check(file);
            case WEBP -> WebpChunks.check(file);
            case PNG -> {
                PngChunks chunks = PngChunks.of(file);
                image = chunks.image();
                profile = chunks.profile();
            }
        }
        ExifOrientation orientation = ExifOrientation.of(format, image);
        return new ImageDecoder(memory, deadlineNanos)
                .decode(format, image, profile, decoded -> new AreaAverage(decoded, orientation).square());
    }

    /** The deadline passed before the image was decoded. Made without a stack trace, since the image is not at fault. */
    public static final class DecodingTimeout extends Exception {

        private static final long serialVersionUID = 1;

        DecodingTimeout() {
            super("the deadline passed before the image was decoded", null, false, false);
        }
    }
}
