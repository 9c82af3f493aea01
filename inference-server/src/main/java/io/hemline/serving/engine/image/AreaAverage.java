package io.hemline.serving.engine.image;

/**
 * Scales an image to the encoder's square: the shorter side to 224 by exact area averaging, the longer one in proportion
 * (rounded half up), then the centre crop (offset rounded down).
 *
 * <p>Immutable.
 */
final class AreaAverage {

    /*
     * Each target pixel is the mean of the source area that it covers, also when enlarging. The two directions are
     * separable: every source row is first averaged horizontally, then added to the target rows that it overlaps. Only the
     * 224 columns and rows of the crop are computed. The image is read once, row by row as stored; the orientation is
     * applied to the square, and the crop is chosen accordingly.
     */
    static final int SIDE = 224;

    private static final int WHITE = 255;

    private final DecodedImage source;
    private final ExifOrientation orientation;
    private final Axis columns;
    private final Axis rows;

    AreaAverage(DecodedImage source, ExifOrientation orientation) {
        this.source = source;
        this.orientation = orientation;
        int shorter = Math.min(source.width(), source.height());
        this.columns = Axis.of(source.width(), shorter, orientation.flipsStoredColumns());
        this.rows = Axis.of(source.height(), shorter, orientation.flipsStoredRows());
    }

    /** R G B, row by row: {@code [224][224][3]}, 0..255, rounded half up. */
    byte[] square() {
        int[] argb = new int[source.width()];
        float[] rgb = new float[3 * source.width()];
        float[] shrunk = new float[3 * SIDE];
        float[] sums = new float[SIDE * SIDE * 3];
        for (int y = rows.first(); y < rows.end(); y++) {
            source.row(y, argb);
            blendOnWhite(argb, rgb);
            shrinkRow(rgb, shrunk);
            for (int row = rows.firstTarget(y); row < SIDE && rows.covered(row, y) > 0; row++) {
                float share = (float) rows.covered(row, y);
                int offset = row * 3 * SIDE;
                for (int i = 0; i < shrunk.length; i++) {
                    sums[offset + i] += share * shrunk[i];
                }
            }
        }
        byte[] square = new byte[sums.length];
        for (int i = 0; i < sums.length; i++) {
            square[i] = (byte) Math.min(255, Math.max(0, (int) Math.floor(sums[i] + 0.5f)));
        }
        return orientation.applied(square, SIDE);
    }

    private static void blendOnWhite(int[] argb, float[] rgb) {
        for (int x = 0; x < argb.length; x++) {
            int alpha = argb[x] >>> 24;
            rgb[3 * x] = onWhite(argb[x] >> 16 & 0xff, alpha);
            rgb[3 * x + 1] = onWhite(argb[x] >> 8 & 0xff, alpha);
            rgb[3 * x + 2] = onWhite(argb[x] & 0xff, alpha);
        }
    }

    /** Rounded to an integer, as flattening an image with alpha does. */
    private static float onWhite(int value, int alpha) {
        return alpha == 255 ? value : (value * alpha + WHITE * (255 - alpha) + 127) / 255;
    }

    private void shrinkRow(float[] rgb, float[] shrunk) {
        for (int column = 0; column < SIDE; column++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int x = columns.firstSource(column); x < columns.endSource(column); x++) {
                float share = (float) columns.covered(column, x);
                red += share * rgb[3 * x];
                green += share * rgb[3 * x + 1];
                blue += share * rgb[3 * x + 2];
            }
            shrunk[3 * column] = red;
            shrunk[3 * column + 1] = green;
            shrunk[3 * column + 2] = blue;
        }
    }

    /**
     * One direction: {@code source} pixels are scaled, and {@link #SIDE} target pixels from {@code offset} on are kept.
     *
     * @param ratio source pixels per target pixel
     */
    private record Axis(int source, int offset, double ratio) {

        /** The crop's offset is rounded down in display order: from the other end where the axis is flipped. */
        static Axis of(int side, int shorter, boolean flipped) {
            int target = Math.toIntExact((2L * SIDE * side + shorter) / (2L * shorter));
            int cropped = target - SIDE;
            return new Axis(side, flipped ? cropped - cropped / 2 : cropped / 2, (double) side / target);
        }

        /** The share of the kept target pixel that the source pixel covers, 0..1. */
        double covered(int kept, int pixel) {
            double from = Math.max((offset + kept) * ratio, pixel);
            double to = Math.min((offset + kept + 1) * ratio, pixel + 1.0);
            return Math.max(0, to - from) / ratio;
        }

        int firstSource(int kept) {
            return (int) ((offset + kept) * ratio);
        }

        int endSource(int kept) {
            return Math.min(source, (int) Math.ceil((offset + kept + 1) * ratio));
        }

        int first() {
            return firstSource(0);
        }

        int end() {
            return endSource(SIDE - 1);
        }

        /** The first kept target pixel that the source pixel may overlap. */
        int firstTarget(int pixel) {
            int target = (int) (pixel / ratio) - offset;
            // One lower where rounding moved the target pixel's edge beyond the source pixel's.
            int lower = Math.max(0, target - 1);
            return covered(lower, pixel) > 0 ? lower : Math.max(0, target);
        }
    }
}
