package io.hemline.serving.features.image;

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

    /** From the bytes of a JPEG, PNG or WebP file. Takes up to some hundred milliseconds and 200 MB for the largest. */
    public static byte[] of(byte[] file) throws BadImage {
        ImageFormat format = ImageFormat.of(file);
        byte[] picture = file;
        byte[] profile = null;
        if (format == ImageFormat.PNG) {
            PngChunks chunks = PngChunks.of(file);
            picture = chunks.picture();
            profile = chunks.profile();
        }
        Pixels stored = Decoder.decode(format, picture, profile);
        return new AreaAverage(Turn.of(format, picture).applied(stored)).square();
    }
}
