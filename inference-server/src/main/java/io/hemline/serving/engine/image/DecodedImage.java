package io.hemline.serving.engine.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * A decoded image before its orientation is applied. Rows are converted to sRGB one by one, so that no second copy of the
 * image is made.
 *
 * <p>Confined to one thread; rows must be read in order.
 */
final class DecodedImage {

    private static final int STRIP_ROWS = 16;

    private final BufferedImage image;
    private final Rows rows;

    DecodedImage(BufferedImage image) {
        this.image = image;
        ColorModel colors = image.getColorModel();
        if (!(colors instanceof IndexColorModel) && colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            this.rows = new GreyRows(image);
        } else if (colors.getColorSpace().isCS_sRGB()) {
            this.rows = (y, argb) -> image.getRGB(0, y, argb.length, 1, argb, 0, argb.length);
        } else {
            this.rows = new ConvertedRows(image);
        }
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    /** Reads a row as {@code 0xAARRGGBB}, with straight alpha. */
    void row(int y, int[] argb) {
        rows.read(y, argb);
    }

    @FunctionalInterface
    private interface Rows {

        void read(int y, int[] argb);
    }

    /** Grey samples read as sRGB, as other decoders do. Java reads them as linear light and would brighten them. */
    private static final class GreyRows implements Rows {

        private final Raster raster;
        private final boolean alpha;
        private final int shift;
        private final int bands;
        private final int[] samples;

        GreyRows(BufferedImage image) {
            this.raster = image.getRaster();
            this.alpha = image.getColorModel().hasAlpha();
            this.shift = Math.max(0, image.getColorModel().getComponentSize(0) - 8);
            this.bands = raster.getNumBands();
            this.samples = new int[raster.getWidth() * bands];
        }

        @Override
        public void read(int y, int[] argb) {
            raster.getPixels(0, y, argb.length, 1, samples);
            for (int x = 0; x < argb.length; x++) {
                int value = samples[x * bands] >> shift;
                int opacity = alpha ? samples[x * bands + 1] >> shift : 255;
                argb[x] = opacity << 24 | value << 16 | value << 8 | value;
            }
        }
    }

    /** Rows converted from another color space, a strip at a time; a profile that cannot be applied is ignored. */
    private static final class ConvertedRows implements Rows {

        private final BufferedImage image;
        private final ColorConvertOp conversion = new ColorConvertOp(null);
        private final BufferedImage strip;
        private @Nullable BufferedImage unconverted;
        private int first = -STRIP_ROWS;

        ConvertedRows(BufferedImage image) {
            this.image = image;
            this.strip = new BufferedImage(image.getWidth(), STRIP_ROWS, BufferedImage.TYPE_INT_ARGB);
        }

        @Override
        public void read(int y, int[] argb) {
            if (unconverted == null && y >= first + STRIP_ROWS) {
                convert(y);
            }
            BufferedImage from = unconverted == null ? strip : unconverted;
            from.getRGB(0, unconverted == null ? y - first : y, argb.length, 1, argb, 0, argb.length);
        }

        private void convert(int y) {
            int height = Math.min(STRIP_ROWS, image.getHeight() - y);
            try {
                conversion.filter(
                        image.getSubimage(0, y, image.getWidth(), height),
                        strip.getSubimage(0, 0, image.getWidth(), height));
                first = y;
            } catch (CMMException | IllegalArgumentException e) {
                unconverted = image;
            }
        }
    }
}
