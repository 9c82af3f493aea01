package io.hemline.serving.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** The gzip content coding of responses. */
final class GzipEncoding {

    static final String NAME = "gzip";

    private static final int MIN_BYTES = 1024;
    private static final int LEVEL = 4;

    private GzipEncoding() {}

    /** Whether an {@code Accept-Encoding} accepts gzip (RFC 9110, section 12.5.3). */
    static boolean isAccepted(@Nullable String encodings) {
        if (encodings == null) {
            return false;
        }
        boolean any = false;
        for (String entry : encodings.toLowerCase(Locale.ROOT).split(",", -1)) {
            int weight = entry.indexOf(';');
            String name = (weight < 0 ? entry : entry.substring(0, weight)).strip();
            boolean accepted = weight < 0 || !isZero(entry.substring(weight + 1).strip());
            if (name.equals(NAME) || name.equals("x-gzip")) {
                return accepted;
            }
            any |= name.equals("*") && accepted;
        }
        return any;
    }

    private static boolean isZero(String weight) {
        return weight.matches("q\\s*=\\s*0(\\.0*)?");
    }

    /** The compressed body, {@code null} when it is short or does not shrink. */
    static byte @Nullable [] of(byte[] body) {
        if (body.length < MIN_BYTES) {
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

    /** Sets the compression level, which {@link GZIPOutputStream} has no parameter for. */
    private static final class Stream extends GZIPOutputStream {

        Stream(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(LEVEL);
        }
    }
}
