package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response body with its headers.
 *
 * <p>Thread-safe: {@code gzip} is volatile and may be made twice; the rest is never written.
 */
public final class Representation {

    /** The media type of JSON. */
    public static final String JSON = "application/json";

    /** Workers write and compress larger bodies, which would delay the other requests of an event loop. */
    public static final int LARGE = 65_536;

    private static final int TAG_BYTES = 16;
    private static final byte[] NOT_SMALLER = new byte[0];

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

    /** A cacheable representation, with an entity tag of its content. */
    public static Representation tagged(String contentType, byte[] body, Map<String, String> headers) {
        return new Representation(contentType, body, tagOf(body), headers);
    }

    /** A representation that no cache may store. */
    public static Representation uncacheable(String contentType, byte[] body) {
        return uncacheable(contentType, body, Map.of());
    }

    /** A representation with headers of its own that no cache may store. */
    public static Representation uncacheable(String contentType, byte[] body, Map<String, String> headers) {
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

    /** Whether {@link #gzip} would compress a large body now. */
    boolean isSlowToCompress() {
        return body.length > LARGE && gzip == null;
    }

    /** The compressed bytes, {@code null} where they are not fewer. */
    byte @Nullable [] gzip() {
        byte[] made = gzip;
        if (made == null) {
            byte[] compressed = GzipEncoding.of(body);
            made = compressed == null ? NOT_SMALLER : compressed;
            gzip = made;
        }
        return made.length == 0 ? null : made;
    }

    /** The strong entity tag of the uncompressed body with its quotes, {@code null} where no cache may store it. */
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
