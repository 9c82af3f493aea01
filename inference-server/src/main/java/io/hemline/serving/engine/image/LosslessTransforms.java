package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import java.nio.ByteBuffer;

/**
 * Checks the transforms at the head of a lossless WebP stream. Each kind may occur once; the decoder would apply any number
 * of them, each to the whole image and without reading, so that no deadline would end it.
 *
 * <p>Confined to one thread.
 */
final class LosslessTransforms {

    private static final int PREDICTOR = 0;
    private static final int COLOUR = 1;
    private static final int SUBTRACT_GREEN = 2;
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;

    private final Bits in;

    private LosslessTransforms(ByteBuffer stream) {
        this.in = new Bits(stream);
    }

    /** Rejects a stream that repeats a transform. */
    static void check(ByteBuffer stream, int width, int height) throws InvalidImage {
        new LosslessTransforms(stream).walk(width, height);
    }

    private void walk(int width, int height) throws InvalidImage {
        int seen = 0;
        int columns = width;
        while (in.bit() == 1) {
            int kind = in.bits(2);
            if ((seen >> kind & 1) == 1) {
                throw new InvalidImage("is a WebP file that cannot be decoded: it has a transform twice");
            }
            seen |= 1 << kind;
            if (kind == PREDICTOR || kind == COLOUR) {
                int block = 2 + in.bits(3);
                skipImage((long) blocks(columns, block) * blocks(height, block));
            } else if (kind != SUBTRACT_GREEN) {
                int colours = 1 + in.bits(8);
                skipImage(colours);
                columns = blocks(columns, colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0);
            }
        }
    }

    private static int blocks(int size, int bits) {
        return (size + (1 << bits) - 1) >> bits;
    }

    /** Skips the entropy-coded image that holds a transform's data. */
    private void skipImage(long pixels) throws InvalidImage {
        int cached = in.bit() == 1 ? 1 << in.bits(4) : 0;
        PrefixCode green = PrefixCode.read(in, LITERALS + LENGTHS + cached);
        PrefixCode red = PrefixCode.read(in, LITERALS);
        PrefixCode blue = PrefixCode.read(in, LITERALS);
        PrefixCode alpha = PrefixCode.read(in, LITERALS);
        PrefixCode distance = PrefixCode.read(in, DISTANCES);
        long done = 0;
        while (done < pixels) {
            int symbol = green.next(in);
            done++;
            if (symbol < LITERALS) {
                red.next(in);
                blue.next(in);
                alpha.next(in);
            } else if (symbol < LITERALS + LENGTHS) {
                done += number(symbol - LITERALS) - 1;
                number(distance.next(in));
            }
        }
    }

    /** A length or distance: a prefix symbol and extra bits. */
    private long number(int symbol) throws InvalidImage {
        if (symbol < 4) {
            return symbol + 1L;
        }
        int extra = (symbol - 2) >> 1;
        return ((2L + (symbol & 1)) << extra) + in.bits(extra) + 1;
    }

    /**
     * The bits of the stream, from the lowest of each byte up.
     *
     * <p>Confined to one thread.
     */
    static final class Bits {

        private final ByteBuffer bytes;
        private long next;

        Bits(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        int bit() throws InvalidImage {
            int offset = (int) (next >>> 3);
            if (offset >= bytes.limit()) {
                throw new InvalidImage("is a WebP file that cannot be decoded: its lossless data break off");
            }
            int shift = (int) (next++ & 7);
            return (bytes.get(offset) >> shift) & 1;
        }

        int bits(int count) throws InvalidImage {
            int value = 0;
            for (int i = 0; i < count; i++) {
                value |= bit() << i;
            }
            return value;
        }
    }
}
