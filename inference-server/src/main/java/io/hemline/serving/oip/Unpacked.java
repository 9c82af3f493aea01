package io.hemline.serving.oip;

import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Takes the compression off a body, and never more bytes out of it than a body may have. */
public final class Unpacked {

    private Unpacked() {}

    /** Whether a {@code Content-Encoding} can be undone; absent is no encoding. */
    public static boolean knows(@Nullable String encoding) {
        return switch (word(encoding)) {
            case "identity", "gzip", "x-gzip", "deflate" -> true;
            default -> false;
        };
    }

    /** The bytes without the encoding. */
    public static byte[] of(byte[] body, @Nullable String encoding, int max) {
        String word = word(encoding);
        if (word.equals("identity")) {
            return body;
        }
        try (InputStream packed = new ByteArrayInputStream(body);
                InputStream unpacked =
                        word.equals("deflate") ? new InflaterInputStream(packed) : new GZIPInputStream(packed)) {
            byte[] bytes = unpacked.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new ProblemException(
                        ProblemType.TOO_LARGE, "The body may have at most " + max + " bytes, unpacked too.");
            }
            return bytes;
        } catch (IOException e) {
            throw new ProblemException(
                    ProblemType.INVALID_TENSORS, "The body is not " + word + ", as Content-Encoding says.");
        }
    }

    private static String word(@Nullable String encoding) {
        return encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
    }
}
