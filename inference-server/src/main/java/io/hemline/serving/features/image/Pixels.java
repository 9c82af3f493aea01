package io.hemline.serving.features.image;

/**
 * A picture in memory, sRGB with alpha, seen from any side.
 *
 * <p>Immutable by convention: the array is shared and never written.
 *
 * @param argb all pixels, {@code 0xAARRGGBB}, alpha not multiplied in
 * @param width as seen
 * @param height as seen
 * @param origin the index of the pixel seen at the top left
 * @param right the distance in the array to the pixel seen to the right
 * @param down the distance in the array to the pixel seen below
 */
record Pixels(int[] argb, int width, int height, int origin, int right, int down) {

    /** An array row by row. */
    static Pixels of(int[] argb, int width, int height) {
        return new Pixels(argb, width, height, 0, 1, width);
    }

    /** Rows seen as columns. */
    Pixels transposed() {
        return new Pixels(argb, /* width= */ height, /* height= */ width, origin, /* right= */ down, /* down= */ right);
    }

    /** Left seen as right. */
    Pixels mirrored() {
        return new Pixels(argb, width, height, origin + (width - 1) * right, -right, down);
    }

    /** Top seen as bottom. */
    Pixels upsideDown() {
        return new Pixels(argb, width, height, origin + (height - 1) * down, right, -down);
    }

    /** One row on white: {@code row[3 * x + channel]}, R G B, 0..255. */
    void rowOnWhite(int y, float[] row) {
        int index = origin + y * down;
        for (int x = 0; x < width; x++, index += right) {
            int pixel = argb[index];
            int alpha = pixel >>> 24;
            row[3 * x] = onWhite(pixel >> 16 & 0xff, alpha);
            row[3 * x + 1] = onWhite(pixel >> 8 & 0xff, alpha);
            row[3 * x + 2] = onWhite(pixel & 0xff, alpha);
        }
    }

    /** Rounded to a whole number, as every picture with alpha would be when it is flattened. */
    private static float onWhite(int value, int alpha) {
        return alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255;
    }
}
