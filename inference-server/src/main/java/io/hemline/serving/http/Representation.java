package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer and the headers that go with it.
 *
 * <p>Immutable by convention: the body is never written.
 *
 * @param contentType the media type
 * @param body the bytes
 * @param etag the strong entity tag with its quotes, {@code null} for answers that no cache keeps
 * @param headers further headers, by name
 */
public record Representation(
        String contentType, byte[] body, @Nullable String etag, Map<String, String> headers) {

    /** The media type of JSON. */
    public static final String JSON = "application/json";

    private static final int TAG_BYTES = 16;

    public Representation {
        requireNonNull(contentType, "contentType");
        requireNonNull(body, "body");
        headers = Map.copyOf(headers);
    }

    /** Something that caches may keep as the headers say, known by its content. */
    public static Representation tagged(String contentType, byte[] body, Map<String, String> headers) {
        return new Representation(contentType, body, tagOf(body), headers);
    }

    /** Something that is true only now. */
    public static Representation passing(String contentType, byte[] body) {
        return new Representation(contentType, body, null, Map.of("Cache-Control", "no-store"));
    }

    private static String tagOf(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
