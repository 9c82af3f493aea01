package io.hemline.serving.engine.image;

import java.nio.ByteBuffer;

/** How large an image says it is, found at its head without reading on: what it will cost, not whether it is sound. */
public final class ImageSize {

    private static final int MAX_SEGMENTS = 1000;
    private static final int PNG_SIZE = 16;
    private static final int WEBP_SIZE = 20;

    private ImageSize() {}

    /** The pixels, never more than are read; 0 where the head does not tell. */
    public static long pixels(ByteBuffer file) {
        if (file.remaining() < WEBP_SIZE + 10) {
            return 0;
        }
        ByteBuffer head = file.slice();
        return switch (head.get(0) & 0xff) {
            case 0x89 -> bounded(head.getInt(PNG_SIZE), head.getInt(PNG_SIZE + Integer.BYTES));
            case 0xff -> jpeg(head);
            case 'R' -> webp(head);
            default -> 0;
        };
    }

    private static long bounded(long width, long height) {
        return width < 1 || height < 1 ? 0 : Math.min(Decoder.MAX_PIXELS, width * height);
    }

    /** From one segment to the next up to the frame's header. */
    private static long jpeg(ByteBuffer head) {
        int at = 2;
        for (int segment = 0; segment < MAX_SEGMENTS && at + 9 < head.limit(); segment++) {
            int code = head.get(at + 1) & 0xff;
            boolean frame = code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xc8 && code != 0xcc;
            if (frame) {
                return bounded(head.getShort(at + 7) & 0xffff, head.getShort(at + 5) & 0xffff);
            }
            at += code == 0xff ? 1 : 2 + Math.max(2, head.getShort(at + 2) & 0xffff);
        }
        return Decoder.MAX_PIXELS;
    }

    private static long webp(ByteBuffer head) {
        return switch (head.get(15)) {
            case 'X' -> bounded(1 + little(head, WEBP_SIZE + 4, 3), 1 + little(head, WEBP_SIZE + 7, 3));
            case 'L' -> {
                int bits = little(head, WEBP_SIZE + 1, 4);
                yield bounded(1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff));
            }
            default -> bounded(little(head, WEBP_SIZE + 6, 2) & 0x3fff, little(head, WEBP_SIZE + 8, 2) & 0x3fff);
        };
    }

    private static int little(ByteBuffer head, int at, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (head.get(at + i) & 0xff) << (8 * i);
        }
        return value;
    }
}
