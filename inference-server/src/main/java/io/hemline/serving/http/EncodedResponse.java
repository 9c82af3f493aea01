package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A cached response as its bytes in HTTP/1.1. Only the lines of its age change, once a second, and the line of the
 * request id.
 *
 * <p>Thread-safe: {@code ageLines} and {@code gzip} are volatile and immutable, and may be made twice; the rest is
 * final.
 */
public final class EncodedResponse {

    private static final byte[] NO_BODY = new byte[0];
    private static final byte[] REQUEST_ID = ascii(RequestId.HEADER + ": ");
    private static final byte[] END = ascii("\r\n\r\n");

    private final Representation representation;
    private final Freshness freshness;
    private final String tag;
    private final Ready plain;
    private final Ready notModified;
    private volatile @Nullable Ready gzip;
    private volatile AgeLines ageLines;

    public EncodedResponse(Representation representation, Freshness freshness) {
        this.representation = requireNonNull(representation, "representation");
        this.freshness = requireNonNull(freshness, "freshness");
        this.tag = requireNonNull(representation.etag(), "etag");
        this.plain = with(representation.body(), false);
        this.notModified = new Ready(HttpResponseStatus.NOT_MODIFIED, lasting(), NO_BODY);
        this.ageLines = new AgeLines(freshness, System.nanoTime());
    }

    /**
     * The form for a request with these values of {@code If-None-Match} and {@code Accept-Encoding}; {@code null}
     * while a large body would have to be compressed for it.
     */
    @Nullable Ready choose(@Nullable String known, @Nullable String encodings) {
        if (known != null && HeaderFields.matchesTag(known, tag)) {
            return notModified;
        }
        if (encodings == null || !GzipEncoding.isAccepted(encodings)) {
            return plain;
        }
        Ready made = gzip;
        if (made == null) {
            if (representation.isSlowToCompress()) {
                return null;
            }
            byte[] compressed = representation.gzip();
            made = compressed == null ? plain : with(compressed, true);
            gzip = made;
        }
        return made;
    }

    /**
     * Writes the whole response.
     *
     * @param id the id of the request
     * @param further encoded header lines of this listener
     */
    ByteBuf encode(Ready ready, CharSequence id, byte[] further, long now, ByteBufAllocator allocator) {
        AgeLines last = ageLines;
        if (now - last.endNanos >= 0) {
            last = new AgeLines(freshness, now);
            ageLines = last;
        }
        int head = ready.head.length + last.lines.length + further.length + REQUEST_ID.length;
        ByteBuf bytes = allocator.ioBuffer(head + id.length() + END.length + ready.body.length);
        bytes.writeBytes(ready.head).writeBytes(last.lines).writeBytes(further).writeBytes(REQUEST_ID);
        ByteBufUtil.writeAscii(bytes, id);
        return bytes.writeBytes(END).writeBytes(ready.body);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Ready with(byte[] body, boolean compressed) {
        HttpHeaders headers = lasting();
        headers.add(HttpHeaderNames.CONTENT_TYPE, representation.contentType());
        headers.add(HttpHeaderNames.CONTENT_LENGTH, body.length);
        if (compressed) {
            headers.add(HttpHeaderNames.CONTENT_ENCODING, GzipEncoding.NAME);
        }
        return new Ready(HttpResponseStatus.OK, headers, body);
    }

    private HttpHeaders lasting() {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < ResponseWriter.COMMON_HEADERS.size(); i += 2) {
            headers.add(ResponseWriter.COMMON_HEADERS.get(i), ResponseWriter.COMMON_HEADERS.get(i + 1));
        }
        for (Map.Entry<String, String> line : representation.headers().entrySet()) {
            headers.add(line.getKey(), line.getValue());
        }
        return headers.add(HttpHeaderNames.VARY, "Accept-Encoding").add(HttpHeaderNames.ETAG, tag);
    }

    /** One form of the response. Immutable. */
    static final class Ready {

        private final int status;
        private final byte[] head;
        private final byte[] body;

        private Ready(HttpResponseStatus status, HttpHeaders headers, byte[] body) {
            StringBuilder lines = new StringBuilder(512)
                    .append(HttpVersion.HTTP_1_1)
                    .append(' ')
                    .append(status)
                    .append("\r\n");
            for (Map.Entry<String, String> line : headers) {
                lines.append(line.getKey()).append(": ").append(line.getValue()).append("\r\n");
            }
            this.status = status.code();
            this.head = ascii(lines.toString());
            this.body = body;
        }

        int status() {
            return status;
        }

        int bodyBytes() {
            return body.length;
        }
    }

    /** The header lines of the age within one second. Immutable. */
    private static final class AgeLines {

        private final byte[] lines;
        private final long endNanos;

        AgeLines(Freshness freshness, long now) {
            long seconds = CacheStatus.age(freshness, now);
            this.lines = ascii(CacheStatus.AGE + ": " + seconds + "\r\n" + CacheStatus.HEADER + ": "
                    + CacheStatus.hit(CacheStatus.ttl(freshness, now)) + "\r\n");
            this.endNanos = freshness.madeNanos() + TimeUnit.SECONDS.toNanos(seconds + 1);
        }
    }

    /** A cached response of one resource: its body and headers, and its bytes in HTTP/1.1. */
    public interface StoredResponse extends CachedResponse {

        /** The path that it answers, as metrics name it. */
        String route();

        /** The body and its headers. */
        Representation representation();

        /** The same, encoded in HTTP/1.1; encoded at the first cache hit. */
        EncodedResponse encoded();
    }
}
