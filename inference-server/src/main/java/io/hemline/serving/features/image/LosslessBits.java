package io.hemline.serving.features.image;

import java.nio.ByteBuffer;

/**
 * The bits of a lossless WebP stream, from the lowest of each byte up.
 *
 * <p>Confined to one thread.
 */
final class LosslessBits {

    private final ByteBuffer bytes;
    private long next;

    LosslessBits(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    int bit() throws BadImage {
        int at = (int) (next >>> 3);
        if (at >= bytes.limit()) {
            throw new BadImage("is a WebP file that cannot be decoded: its lossless data break off");
        }
        int shift = (int) (next++ & 7);
        return (bytes.get(at) >> shift) & 1;
    }

    int bits(int count) throws BadImage {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= bit() << i;
        }
        return value;
    }
}
