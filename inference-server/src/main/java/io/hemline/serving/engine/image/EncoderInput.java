package io.hemline.serving.engine.image;

import io.hemline.serving.core.InvalidImage;

/**
 * What the image encoder reads: uint8 {@code [224][224][3]}, R G B. In this order: turned by EXIF, sRGB, alpha on white,
 * shorter side to 224 by area averaging, centre crop.
 */
public final class EncoderInput {

    /** The side of the square, in pixels. */
    public static final int SIDE = AreaAverage.SIDE;

    /** The bytes of one image. */
    public static final int BYTES = SIDE * SIDE * 3;

    private EncoderInput() {}

    /**
     * From the bytes of a JPEG, PNG or WebP file. The largest take seconds, and up to 128 MB.
     *
     * @param file the bytes
     * @param room for the decoded picture, waited for
     * @param deadlineNanos when it is given up, as {@link System#nanoTime} counts
     */
    public static byte[] of(byte[] file, DecodingRoom room, long deadlineNanos) throws InvalidImage, LateImage {
        ImageFormat format = ImageFormat.of(file);
        byte[] picture = file;
        byte[] profile = null;
        switch (format) {
            case JPEG -> JpegMarkers.check(file);
            case WEBP -> WebpChunks.check(file);
            case PNG -> {
                PngChunks chunks = PngChunks.of(file);
                picture = chunks.picture();
                profile = chunks.profile();
            }
        }
        ExifOrientation turn = ExifOrientation.of(format, picture);
        return new Decoder(room, deadlineNanos)
                .decoded(format, picture, profile, stored -> new AreaAverage(stored, turn).square());
    }
}
