package io.hemline.serving.engine.image;

import io.hemline.serving.core.InvalidImage;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import org.jspecify.annotations.Nullable;

/** Decodes a file, after looking at its size, in the room that there is and until the deadline. */
final class Decoder {

    /** The most pixels of an image: 16 megapixels. */
    static final int MAX_PIXELS = 16_000_000;

    /** How much longer than the other one a side may be. */
    static final int MAX_RATIO = 100;

    private final DecodingRoom room;
    private final long deadlineNanos;

    Decoder(DecodingRoom room, long deadlineNanos) {
        this.room = room;
        this.deadlineNanos = deadlineNanos;
    }

    /** What is made of the first picture of the file, which is in memory only so long. */
    byte[] decoded(ImageFormat format, byte[] file, byte @Nullable [] pngProfile, Function<Picture, byte[]> use)
            throws InvalidImage, LateImage {
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(format.readerName()).next();
        long taken = 0;
        TimedInput in = new TimedInput(file, deadlineNanos);
        try {
            reader.setInput(in, true, true);
            requireSize(reader.getWidth(0), reader.getHeight(0));
            long bytes = bytes(reader);
            room.take(bytes, deadlineNanos);
            taken = bytes;
            return use.apply(new Picture(withProfile(reader.read(0), pngProfile)));
        } catch (IOException | RuntimeException e) {
            if (in.late()) {
                throw new LateImage();
            }
            // The decoders throw whatever a damaged file leads them into.
            throw new InvalidImage("is a " + format + " file that cannot be decoded", e);
        } finally {
            room.release(taken);
            reader.dispose();
        }
    }

    private static void requireSize(int width, int height) throws InvalidImage {
        if ((long) width * height > MAX_PIXELS) {
            throw new InvalidImage("must have at most " + MAX_PIXELS + " pixels, has " + width + " x " + height + " = "
                    + (long) width * height);
        }
        if (Math.max(width, height) > (long) MAX_RATIO * Math.min(width, height)) {
            throw new InvalidImage("must be at most " + MAX_RATIO + " times as long as wide, or as wide as long, has "
                    + width + " x " + height + " pixels");
        }
    }

    /** The memory of the decoded picture, and of the one before it where the reader converts it first. */
    private static long bytes(ImageReader reader) throws IOException {
        ImageTypeSpecifier decoded = reader.getImageTypes(0).next();
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        boolean converts = raw != null && raw.getNumBands() != decoded.getNumBands();
        long bitsOfPixel = bits(decoded) + (converts ? bits(raw) : 0);
        return bitsOfPixel * reader.getWidth(0) * reader.getHeight(0) / Byte.SIZE;
    }

    private static long bits(ImageTypeSpecifier type) {
        SampleModel samples = type.getSampleModel();
        return (long) samples.getNumDataElements() * DataBuffer.getDataTypeSize(samples.getDataType());
    }

    /** ImageIO leaves the profile of a PNG file aside; here the same numbers are read by it. */
    private static BufferedImage withProfile(BufferedImage image, byte @Nullable [] profile) {
        if (profile == null || !(image.getColorModel() instanceof ComponentColorModel colors)) {
            return image;
        }
        try {
            ICC_ColorSpace space = new ICC_ColorSpace(ICC_Profile.getInstance(profile));
            if (space.getNumComponents() != colors.getNumColorComponents() || space.getType() == ColorSpace.TYPE_GRAY) {
                return image;
            }
            ColorModel profiled = new ComponentColorModel(
                    space, colors.hasAlpha(), false, colors.getTransparency(), colors.getTransferType());
            return new BufferedImage(profiled, image.getRaster(), false, null);
        } catch (IllegalArgumentException e) {
            return image;
        }
    }
}
