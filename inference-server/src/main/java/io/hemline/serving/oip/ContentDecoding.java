package io.hemline.serving.oip;

import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Decompresses bodies, up to the largest size of a body. */
public final class ContentDecoding {

    private ContentDecoding() {}

    /** Whether a {@code Content-Encoding} is supported; an absent one is {@code identity}. */
    public static boolean supports(@Nullable String encoding) {
        return switch (word(encoding)) {
            case "identity", "gzip", "x-gzip", "deflate" -> true;
            default -> false;
        };
    }

    /** The decoded bytes; throws a {@link ProblemException} when there are more than {@code max}. */
    public static byte[] decode(byte[] body, @Nullable String encoding, int max) {
        String word = word(encoding);
        if (word.equals("identity")) {
            return body;
        }
        try (InputStream encoded = new ByteArrayInputStream(body);
                InputStream decoded =
                        word.equals("deflate") ? new InflaterInputStream(encoded) : new GZIPInputStream(encoded)) {
            byte[] bytes = decoded.readNBytes(max + 1);
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
