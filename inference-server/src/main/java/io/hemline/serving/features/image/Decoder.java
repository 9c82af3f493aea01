package io.hemline.serving.features.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/** Decodes a file to sRGB, after looking at its size. */
final class Decoder {

    /** The most pixels of an image: 16 megapixels. */
    static final int MAX_PIXELS = 16_000_000;

    private Decoder() {}

    /** The first picture of the file, as stored. */
    static Pixels decode(ImageFormat format, byte[] file, byte @Nullable [] pngProfile) throws BadImage {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.readerName());
        ImageReader reader = readers.next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            requireSize(reader.getWidth(0), reader.getHeight(0));
            return inSrgb(withProfile(reader.read(0), pngProfile));
        } catch (IOException | RuntimeException e) {
            // The decoders throw whatever a damaged file leads them into.
            throw new BadImage("is a " + format + " file that cannot be decoded", e);
        } finally {
            reader.dispose();
        }
    }

    private static void requireSize(int width, int height) throws BadImage {
        if ((long) width * height > MAX_PIXELS) {
            throw new BadImage("must have at most " + MAX_PIXELS + " pixels, has " + width + " x " + height + " = "
                    + (long) width * height);
        }
    }

    private static Pixels inSrgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        ColorModel colors = image.getColorModel();
        if (!(colors instanceof IndexColorModel) && colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            return grey(image);
        }
        BufferedImage plain = image;
        if (!colors.getColorSpace().isCS_sRGB()) {
            BufferedImage converted = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
            try {
                plain = new ColorConvertOp(null).filter(image, converted);
            } catch (CMMException | IllegalArgumentException e) {
                plain = image;
            }
        }
        return Pixels.of(plain.getRGB(0, 0, width, height, null, 0, width), width, height);
    }

    /** Java takes grey numbers as linear light and would brighten them; everyone else takes them as sRGB, and so do we. */
    private static Pixels grey(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        Raster raster = image.getRaster();
        boolean alpha = image.getColorModel().hasAlpha();
        int shift = Math.max(0, image.getColorModel().getComponentSize(0) - 8);
        int[] argb = new int[width * height];
        int[] samples = new int[width * raster.getNumBands()];
        int bands = raster.getNumBands();
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, samples);
            for (int x = 0; x < width; x++) {
                int value = samples[x * bands] >> shift;
                int opacity = alpha ? samples[x * bands + 1] >> shift : 255;
                argb[y * width + x] = opacity << 24 | value << 16 | value << 8 | value;
            }
        }
        return Pixels.of(argb, width, height);
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
