package io.hemline.importer.table;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encoding and delimiter of a text file.
 *
 * @param encoding of the characters
 * @param skipped bytes of a byte order mark
 * @param delimiter between fields
 * @param separatorLine whether the first line is Excel's {@code sep=;}
 * @param guessedEncoding whether nothing in the file names the encoding
 */
record TextForm(Charset encoding, int skipped, char delimiter, boolean separatorLine, boolean guessedEncoding) {

    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final char[] DELIMITERS = {'\t', ';', ',', '|'};
    private static final int LINES = 100;

    /** The form of a file by its first bytes; {@code whole} if these are all. */
    static TextForm of(byte[] head, boolean whole, ReaderOptions options) {
        Encoding encoding = encoding(head, whole, options.encoding());
        String text = new String(head, encoding.skipped, head.length - encoding.skipped, encoding.charset);
        boolean separator = text.length() > 5
                && text.regionMatches(true, 0, "sep=", 0, 4)
                && (text.charAt(5) == '\r' || text.charAt(5) == '\n');
        char delimiter = options.delimiter() != null
                ? options.delimiter()
                : separator
                        ? text.charAt(4)
                        : delimiter(text.lines().limit(LINES).toList());
        return new TextForm(encoding.charset, encoding.skipped, delimiter, separator, encoding.guessed);
    }

    private record Encoding(Charset charset, int skipped, boolean guessed) {}

    private static Encoding encoding(byte[] head, boolean whole, @Nullable Charset override) {
        int first = head.length > 1 ? ((head[0] & 0xFF) << 8) | (head[1] & 0xFF) : 0;
        boolean utf8 = first == 0xEFBB && head.length > 2 && (head[2] & 0xFF) == 0xBF;
        int mark = utf8 ? 3 : first == 0xFFFE || first == 0xFEFF ? 2 : 0;
        if (override != null) {
            return new Encoding(override, mark, false);
        }
        if (mark > 0) {
            Charset charset = utf8
                    ? StandardCharsets.UTF_8
                    : first == 0xFFFE ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
            return new Encoding(charset, mark, false);
        }
        int zeroEven = 0;
        int zeroOdd = 0;
        for (int i = 0; i < head.length; i++) {
            if (head[i] == 0) {
                zeroEven += 1 - i % 2;
                zeroOdd += i % 2;
            }
        }
        if (Math.max(zeroEven, zeroOdd) > head.length / 5) {
            return new Encoding(zeroOdd > zeroEven ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE, 0, true);
        }
        return isUtf8(head, whole) ? new Encoding(StandardCharsets.UTF_8, 0, false) : new Encoding(WINDOWS, 0, true);
    }

    private static boolean isUtf8(byte[] head, boolean whole) {
        // A character may be cut at the end of the head.
        int length = whole ? head.length : Math.max(0, head.length - 4);
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(head, 0, cut(head, length)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static int cut(byte[] head, int length) {
        int end = length;
        while (end > 0 && end < head.length && (head[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }

    /** The delimiter that divides most lines into the same number of fields, of at least two. */
    private static char delimiter(List<String> lines) {
        char best = ',';
        double bestScore = 0;
        for (char candidate : DELIMITERS) {
            int[] lengths = new int[lines.size()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = fields(lines.get(i), candidate);
            }
            int usual = mostFrequent(lengths);
            double score = 0;
            for (int length : lengths) {
                score += length == usual && usual > 1 ? 1 : 0;
            }
            // A decimal comma divides lines evenly too, so that another delimiter wins a tie.
            if (score > bestScore * (candidate == ',' ? 1.2 : 1)) {
                best = candidate;
                bestScore = score;
            }
        }
        return best;
    }

    private static int fields(String line, char delimiter) {
        int fields = 1;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            fields += c == delimiter && !quoted ? 1 : 0;
        }
        return fields;
    }

    private static int mostFrequent(int[] lengths) {
        int best = 1;
        int bestCount = 0;
        for (int length : lengths) {
            int count = 0;
            for (int other : lengths) {
                count += other == length ? 1 : 0;
            }
            if (length > 1 && count > bestCount) {
                best = length;
                bestCount = count;
            }
        }
        return best;
    }

    String delimiterWord() {
        return switch (delimiter) {
            case '\t' -> "tab";
            case ';' -> "semicolon";
            case ',' -> "comma";
            default -> String.valueOf(delimiter);
        };
    }
}
