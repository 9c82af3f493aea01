package io.hemline.serving.engine.image;

import java.nio.ByteBuffer;

/** Reads the declared size of an image from its header, to estimate its cost; does not validate the file. */
public final class ImageSize {

    private static final int MAX_SEGMENTS = 1000;
    private static final int PNG_SIZE = 16;
    private static final int WEBP_SIZE = 20;

    private ImageSize() {}

    /** The number of pixels, at most {@link ImageDecoder#MAX_PIXELS}; 0 for an unknown header. */
    public static long pixels(ByteBuffer file) {
        if (file.remaining() < WEBP_SIZE + 10) {
            return 0;
        }
        ByteBuffer header = file.slice();
        return switch (header.get(0) & 0xff) {
            case 0x89 -> bounded(header.getInt(PNG_SIZE), header.getInt(PNG_SIZE + Integer.BYTES));
            case 0xff -> jpeg(header);
            case 'R' -> webp(header);
            default -> 0;
        };
    }

    private static long bounded(long width, long height) {
        return width < 1 || height < 1 ? 0 : Math.min(ImageDecoder.MAX_PIXELS, width * height);
    }

    /** Skips segments up to the frame header. */
    private static long jpeg(ByteBuffer header) {
        int offset = 2;
        for (int segment = 0; segment < MAX_SEGMENTS && offset + 9 < header.limit(); segment++) {
            int code = header.get(offset + 1) & 0xff;
            boolean frame = code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xc8 && code != 0xcc;
            if (frame) {
                return bounded(header.getShort(offset + 7) & 0xffff, header.getShort(offset + 5) & 0xffff);
            }
            offset += code == 0xff ? 1 : 2 + Math.max(2, header.getShort(offset + 2) & 0xffff);
        }
        return ImageDecoder.MAX_PIXELS;
    }

    private static long webp(ByteBuffer header) {
        return switch (header.get(15)) {
            case 'X' -> bounded(1 + little(header, WEBP_SIZE + 4, 3), 1 + little(header, WEBP_SIZE + 7, 3));
            case 'L' -> {
                int bits = little(header, WEBP_SIZE + 1, 4);
                yield bounded(1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff));
            }
            default -> bounded(little(header, WEBP_SIZE + 6, 2) & 0x3fff, little(header, WEBP_SIZE + 8, 2) & 0x3fff);
        };
    }

    private static int little(ByteBuffer header, int offset, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (header.get(offset + i) & 0xff) << (8 * i);
        }
        return value;
    }
}
