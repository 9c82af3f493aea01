package io.hemline.serving.features.image;

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
     * only the 224 columns and rows of the crop are computed. The picture is read once, row by row.
     */
    static final int SIDE = 224;

    private final Pixels source;
    private final Axis columns;
    private final Axis rows;

    AreaAverage(Pixels source) {
        this.source = source;
        int shorter = Math.min(source.width(), source.height());
        this.columns = Axis.of(source.width(), shorter);
        this.rows = Axis.of(source.height(), shorter);
    }

    /** R G B, row by row: {@code [224][224][3]}, 0..255, rounded half up. */
    byte[] square() {
        float[] whole = new float[3 * source.width()];
        float[] shrunk = new float[3 * SIDE];
        float[] sums = new float[SIDE * SIDE * 3];
        for (int y = rows.first(); y < rows.end(); y++) {
            source.rowOnWhite(y, whole);
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
        return square;
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

        static Axis of(int side, int shorter) {
            int target = Math.toIntExact((2L * SIDE * side + shorter) / (2L * shorter));
            return new Axis(side, (target - SIDE) / 2, (double) side / target);
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
