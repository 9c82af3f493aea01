package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Freshness;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The head and body of an answer that is given again and again, encoded once. Only the lines that tell its age change,
 * once a second.
 *
 * <p>Thread-safe: {@code moment} and {@code gzip} are made anew, or twice to no harm; all else is final.
 */
final class ReadyLines {

    private static final CharSequence GZIP = HttpHeaders.createOptimized(Gzip.NAME);
    private static final CharSequence STATUS = HttpHeaders.createOptimized(CacheStatus.HEADER);
    private static final CharSequence AGE = HttpHeaders.createOptimized(CacheStatus.AGE);

    private final Representation representation;
    private final Freshness freshness;
    private final String tag;
    private final CharSequence[] head;
    private final Body plain;
    private volatile @Nullable Body gzip;
    private volatile Moment moment;

    ReadyLines(Representation representation, Freshness freshness) {
        this.representation = requireNonNull(representation, "representation");
        this.freshness = requireNonNull(freshness, "freshness");
        this.tag = requireNonNull(representation.etag(), "etag");
        List<CharSequence> lines = new ArrayList<>(AnswerHeaders.COMMON);
        for (Map.Entry<String, String> line : representation.headers().entrySet()) {
            lines.add(HttpHeaders.createOptimized(line.getKey()));
            lines.add(HttpHeaders.createOptimized(line.getValue()));
        }
        lines.add(HttpHeaders.VARY);
        lines.add(HttpHeaders.createOptimized("Accept-Encoding"));
        lines.add(HttpHeaders.ETAG);
        lines.add(HttpHeaders.createOptimized(tag));
        this.head = lines.toArray(CharSequence[]::new);
        this.plain = Body.of(representation.body(), false);
        this.moment = new Moment(freshness, System.nanoTime());
    }

    String tag() {
        return tag;
    }

    /** The body as it is, or compressed where the caller takes that and it is worth it. */
    Body body(@Nullable String accepted) {
        if (accepted == null || !Gzip.isAccepted(accepted)) {
            return plain;
        }
        Body made = gzip;
        if (made == null) {
            byte[] compressed = representation.gzip();
            made = compressed == null ? plain : Body.of(compressed, true);
            gzip = made;
        }
        return made;
    }

    /** Adds every line but those of the body. */
    void addHead(MultiMap headers, long now) {
        CharSequence[] lines = head;
        for (int i = 0; i < lines.length; i += 2) {
            headers.add(lines[i], lines[i + 1]);
        }
        Moment last = moment;
        if (now - last.endNanos >= 0) {
            last = new Moment(freshness, now);
            moment = last;
        }
        headers.add(AGE, last.age);
        headers.add(STATUS, last.status);
    }

    /** Adds the lines of the body. */
    void addBody(MultiMap headers, Body body) {
        headers.add(HttpHeaders.CONTENT_TYPE, AnswerHeaders.JSON);
        headers.add(HttpHeaders.CONTENT_LENGTH, body.length);
        if (body.compressed) {
            headers.add(HttpHeaders.CONTENT_ENCODING, GZIP);
        }
    }

    /** A body with its length. */
    record Body(Buffer bytes, CharSequence length, boolean compressed) {

        static Body of(byte[] bytes, boolean compressed) {
            return new Body(
                    Buffer.buffer(bytes), HttpHeaders.createOptimized(Integer.toString(bytes.length)), compressed);
        }
    }

    /** The age within one second. Immutable. */
    private static final class Moment {

        private final CharSequence age;
        private final CharSequence status;
        private final long endNanos;

        Moment(Freshness freshness, long now) {
            long seconds = CacheStatus.age(freshness, now);
            this.age = HttpHeaders.createOptimized(Long.toString(seconds));
            this.status = HttpHeaders.createOptimized(CacheStatus.hit(CacheStatus.ttl(freshness, now)));
            this.endNanos = freshness.madeNanos() + TimeUnit.SECONDS.toNanos(seconds + 1);
        }
    }
}
