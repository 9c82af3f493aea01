package io.hemline.serving.http;

import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.Responder;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The headers {@code Cache-Status} (RFC 9211) and {@code Age}. */
public final class CacheStatus {

    static final String HEADER = "Cache-Status";
    static final String AGE = "Age";

    /** The parameter of a cached response. */
    static final String HIT = "hit";

    private CacheStatus() {}

    /** The headers of a response. */
    public static Map<String, String> of(Responder.Response response) {
        Freshness freshness = response.content().freshness();
        int questions = response.content().questions().size();
        if (response.cached() || freshness.hits() == questions) {
            return ofHit(freshness);
        }
        boolean allJoined = freshness.joined() > 0 && freshness.hits() + freshness.joined() == questions;
        return Map.of(HEADER, allJoined ? "hemline; fwd=miss; collapsed" : "hemline; fwd=miss");
    }

    /** The headers of a cached response. */
    public static Map<String, String> ofHit(Freshness freshness) {
        long now = System.nanoTime();
        return Map.of(HEADER, hit(ttl(freshness, now)), AGE, Long.toString(age(freshness, now)));
    }

    static String hit(long ttl) {
        return "hemline; hit; ttl=" + ttl;
    }

    /** The cache result in a {@code Cache-Status}: {@code hit}, {@code joined}, {@code miss}, or empty. */
    static String word(@Nullable String header) {
        if (header == null) {
            return "";
        }
        if (header.startsWith("hemline; hit")) {
            return HIT;
        }
        return header.endsWith("collapsed") ? "joined" : "miss";
    }

    /** Whole seconds since the response was made. */
    static long age(Freshness freshness, long now) {
        return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, now - freshness.madeNanos()));
    }

    /** Whole seconds until the response expires. */
    static long ttl(Freshness freshness, long now) {
        return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, freshness.untilNanos() - now));
    }
}
