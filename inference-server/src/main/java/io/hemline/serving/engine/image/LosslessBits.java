package io.hemline.serving.engine.image;

import io.hemline.serving.core.InvalidImage;
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

    int bit() throws InvalidImage {
        int at = (int) (next >>> 3);
        if (at >= bytes.limit()) {
            throw new InvalidImage("is a WebP file that cannot be decoded: its lossless data break off");
        }
        int shift = (int) (next++ & 7);
        return (bytes.get(at) >> shift) & 1;
    }

    int bits(int count) throws InvalidImage {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= bit() << i;
        }
        return value;
    }
}
