package io.hemline.serving.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** The one content coding of the door. */
final class GzipEncoding {

    static final String NAME = "gzip";

    private static final int WORTH_BYTES = 1024;
    private static final int LEVEL = 4;

    private GzipEncoding() {}

    /** Whether a caller takes it, as {@code Accept-Encoding} says (RFC 9110, section 12.5.3). */
    static boolean isAccepted(@Nullable String encodings) {
        if (encodings == null) {
            return false;
        }
        boolean any = false;
        for (String entry : encodings.toLowerCase(Locale.ROOT).split(",", -1)) {
            int weight = entry.indexOf(';');
            String name = (weight < 0 ? entry : entry.substring(0, weight)).strip();
            boolean wanted = weight < 0 || !isZero(entry.substring(weight + 1).strip());
            if (name.equals(NAME) || name.equals("x-gzip")) {
                return wanted;
            }
            any |= name.equals("*") && wanted;
        }
        return any;
    }

    private static boolean isZero(String weight) {
        return weight.matches("q\\s*=\\s*0(\\.0*)?");
    }

    /** The compressed form, or {@code null} when it is not worth it. */
    static byte @Nullable [] of(byte[] body) {
        if (body.length < WORTH_BYTES) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 2);
        try (Stream stream = new Stream(bytes)) {
            stream.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        }
        return bytes.size() < body.length ? bytes.toByteArray() : null;
    }

    /** The only way to choose the level. */
    private static final class Stream extends GZIPOutputStream {

        Stream(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(LEVEL);
        }
    }
}
