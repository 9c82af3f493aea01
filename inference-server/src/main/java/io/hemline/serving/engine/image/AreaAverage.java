package io.hemline.serving.engine.image;

/**
 * Brings a picture to the encoder's square: the shorter side to 224 by exact area averaging, the longer one in proportion
 * (rounded half up), then the centre (offset rounded down).
 *
 * <p>Immutable.
 */
final class AreaAverage {

    /*
     * Each target pixel is the mean of the source area that it covers, also when enlarging. The two directions are
     * independent, so every source row is first averaged along itself, then added to the target rows that it touches;
     * only the 224 columns and rows of the crop are computed. The picture is read once, row by row as it is stored; what
     * is turned is the square, for which the crop has to be the one that is seen.
     */
    static final int SIDE = 224;

    private static final int WHITE = 255;

    private final Picture source;
    private final ExifOrientation turn;
    private final Axis columns;
    private final Axis rows;

    AreaAverage(Picture source, ExifOrientation turn) {
        this.source = source;
        this.turn = turn;
        int shorter = Math.min(source.width(), source.height());
        this.columns = Axis.of(source.width(), shorter, turn.flipsStoredColumns());
        this.rows = Axis.of(source.height(), shorter, turn.flipsStoredRows());
    }

    /** R G B, row by row: {@code [224][224][3]}, 0..255, rounded half up. */
    byte[] square() {
        int[] argb = new int[source.width()];
        float[] whole = new float[3 * source.width()];
        float[] shrunk = new float[3 * SIDE];
        float[] sums = new float[SIDE * SIDE * 3];
        for (int y = rows.first(); y < rows.end(); y++) {
            source.row(y, argb);
            layOnWhite(argb, whole);
            shrinkRow(whole, shrunk);
            for (int row = rows.firstTarget(y); row < SIDE && rows.covered(row, y) > 0; row++) {
                float share = (float) rows.covered(row, y);
                int at = row * 3 * SIDE;
                for (int i = 0; i < shrunk.length; i++) {
                    sums[at + i] += share * shrunk[i];
                }
            }
        }
        byte[] square = new byte[sums.length];
        for (int i = 0; i < sums.length; i++) {
            square[i] = (byte) Math.min(255, Math.max(0, (int) Math.floor(sums[i] + 0.5f)));
        }
        return turn.applied(square, SIDE);
    }

    private static void layOnWhite(int[] argb, float[] whole) {
        for (int x = 0; x < argb.length; x++) {
            int alpha = argb[x] >>> 24;
            whole[3 * x] = onWhite(argb[x] >> 16 & 0xff, alpha);
            whole[3 * x + 1] = onWhite(argb[x] >> 8 & 0xff, alpha);
            whole[3 * x + 2] = onWhite(argb[x] & 0xff, alpha);
        }
    }

    /** Rounded to a whole number, as every picture with alpha would be when it is flattened. */
    private static float onWhite(int value, int alpha) {
        return alpha == 255 ? value : (value * alpha + WHITE * (255 - alpha) + 127) / 255;
    }

    private void shrinkRow(float[] whole, float[] shrunk) {
        for (int column = 0; column < SIDE; column++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int x = columns.firstSource(column); x < columns.endSource(column); x++) {
                float share = (float) columns.covered(column, x);
                red += share * whole[3 * x];
                green += share * whole[3 * x + 1];
                blue += share * whole[3 * x + 2];
            }
            shrunk[3 * column] = red;
            shrunk[3 * column + 1] = green;
            shrunk[3 * column + 2] = blue;
        }
    }

    /**
     * One direction: {@code source} pixels become {@code target}, of which {@link #SIDE} from {@code offset} on are wanted.
     *
     * @param ratio source pixels in one target pixel
     */
    private record Axis(int source, int offset, double ratio) {

        /** The crop's offset is rounded down as it is seen: from the other end where the axis is flipped. */
        static Axis of(int side, int shorter, boolean flipped) {
            int target = Math.toIntExact((2L * SIDE * side + shorter) / (2L * shorter));
            int cut = target - SIDE;
            return new Axis(side, flipped ? cut - cut / 2 : cut / 2, (double) side / target);
        }

        /** The share of the wanted target pixel that the source pixel makes up, 0..1. */
        double covered(int wanted, int pixel) {
            double from = Math.max((offset + wanted) * ratio, pixel);
            double to = Math.min((offset + wanted + 1) * ratio, pixel + 1.0);
            return Math.max(0, to - from) / ratio;
        }

        int firstSource(int wanted) {
            return (int) ((offset + wanted) * ratio);
        }

        int endSource(int wanted) {
            return Math.min(source, (int) Math.ceil((offset + wanted + 1) * ratio));
        }

        int first() {
            return firstSource(0);
        }

        int end() {
            return endSource(SIDE - 1);
        }

        /** The first wanted target pixel that the source pixel may touch. */
        int firstTarget(int pixel) {
            int target = (int) (pixel / ratio) - offset;
            // One lower where rounding put the edge of the target pixel beyond the source pixel's.
            int lower = Math.max(0, target - 1);
            return covered(lower, pixel) > 0 ? lower : Math.max(0, target);
        }
    }
}
