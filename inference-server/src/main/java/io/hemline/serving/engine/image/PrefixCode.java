package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.image.LosslessTransforms.Bits;

/**
 * A canonical prefix code of a lossless WebP stream.
 *
 * <p>Immutable.
 */
final class PrefixCode {

    private static final int MAX_LENGTH = 15;
    private static final int[] ORDER_OF_LENGTHS = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final int REPEAT_LAST = 16;
    private static final int REPEAT_ZERO = 17;

    private final int[] symbols;
    private final int[] countOfLength = new int[MAX_LENGTH + 1];

    /** Codes are assigned in the order of their lengths, then of the symbols. */
    private PrefixCode(int[] lengths) {
        for (int length : lengths) {
            countOfLength[length]++;
        }
        countOfLength[0] = 0;
        int[] next = new int[MAX_LENGTH + 2];
        for (int length = 1; length <= MAX_LENGTH; length++) {
            next[length + 1] = next[length] + countOfLength[length];
        }
        symbols = new int[next[MAX_LENGTH + 1]];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = symbol;
            }
        }
    }

    static PrefixCode read(Bits in, int alphabet) throws InvalidImage {
        int[] lengths = new int[alphabet];
        if (in.bit() == 1) {
            boolean twoSymbols = in.bit() == 1;
            int first = in.bits(in.bit() == 1 ? 8 : 1);
            lengths[requireIn(first, alphabet)] = 1;
            if (twoSymbols) {
                lengths[requireIn(in.bits(8), alphabet)] = 1;
            }
            return new PrefixCode(lengths);
        }
        readLengths(in, lengths);
        return new PrefixCode(lengths);
    }

    private static void readLengths(Bits in, int[] lengths) throws InvalidImage {
        int[] lengthsOfLengths = new int[ORDER_OF_LENGTHS.length];
        int given = 4 + in.bits(4);
        for (int i = 0; i < given; i++) {
            lengthsOfLengths[ORDER_OF_LENGTHS[requireIn(i, ORDER_OF_LENGTHS.length)]] = in.bits(3);
        }
        PrefixCode code = new PrefixCode(lengthsOfLengths);
        int steps = in.bit() == 1 ? 2 + in.bits(2 + 2 * in.bits(3)) : lengths.length;
        int last = 8;
        for (int symbol = 0; symbol < lengths.length && steps > 0; steps--) {
            int length = code.next(in);
            if (length < REPEAT_LAST) {
                lengths[symbol++] = length;
                last = length == 0 ? last : length;
                continue;
            }
            int times =
                    length == REPEAT_LAST ? 3 + in.bits(2) : length == REPEAT_ZERO ? 3 + in.bits(3) : 11 + in.bits(7);
            for (int i = 0; i < times; i++) {
                lengths[requireIn(symbol++, lengths.length)] = length == REPEAT_LAST ? last : 0;
            }
        }
    }

    private static int requireIn(int value, int limit) throws InvalidImage {
        if (value >= limit) {
            throw invalid();
        }
        return value;
    }

    /** The next symbol; the only symbol of a code takes no bits. */
    int next(Bits in) throws InvalidImage {
        if (symbols.length == 1) {
            return symbols[0];
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            code |= in.bit();
            int count = countOfLength[length];
            if (code - first < count) {
                return symbols[index + code - first];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        throw invalid();
    }

    private static InvalidImage invalid() {
        return new InvalidImage("is a WebP file that cannot be decoded: one of its prefix codes is none");
    }
}
