package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer and the headers that go with it.
 *
 * <p>Thread-safe: the body is never written; the compressed form is made once, or twice to no harm.
 */
public final class Representation {

    /** The media type of JSON. */
    public static final String JSON = "application/json";

    /** Larger bodies are written and compressed by workers: they would hold up the other requests of an event loop. */
    public static final int LARGE = 65_536;

    private static final int TAG_BYTES = 16;
    private static final byte[] NOT_WORTH_IT = new byte[0];

    private final String contentType;
    private final byte[] body;
    private final @Nullable String etag;
    private final Map<String, String> headers;
    private volatile byte @Nullable [] gzip;

    private Representation(String contentType, byte[] body, @Nullable String etag, Map<String, String> headers) {
        this.contentType = requireNonNull(contentType, "contentType");
        this.body = requireNonNull(body, "body");
        this.etag = etag;
        this.headers = Map.copyOf(headers);
    }

    /** Something that caches may keep as the headers say, known by its content. */
    public static Representation tagged(String contentType, byte[] body, Map<String, String> headers) {
        return new Representation(contentType, body, tagOf(body), headers);
    }

    /** Something that is true only now. */
    public static Representation passing(String contentType, byte[] body) {
        return passing(contentType, body, Map.of());
    }

    /** Something that is true only now, with headers of its own. */
    public static Representation passing(String contentType, byte[] body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Cache-Control", "no-store");
        return new Representation(contentType, body, null, all);
    }

    /** The media type. */
    public String contentType() {
        return contentType;
    }

    /** The bytes. */
    public byte[] body() {
        return body;
    }

    /** Whether {@link #gzip} would take long, because it is to be made and the body is large. */
    boolean isSlowToCompress() {
        return body.length > LARGE && gzip == null;
    }

    /** The bytes compressed, {@code null} where that saves nothing. */
    byte @Nullable [] gzip() {
        byte[] made = gzip;
        if (made == null) {
            byte[] compressed = GzipEncoding.of(body);
            made = compressed == null ? NOT_WORTH_IT : compressed;
            gzip = made;
        }
        return made.length == 0 ? null : made;
    }

    /** The strong entity tag of the uncompressed body with its quotes, {@code null} for answers that no cache keeps. */
    public @Nullable String etag() {
        return etag;
    }

    /** Further headers, by name. */
    public Map<String, String> headers() {
        return headers;
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
