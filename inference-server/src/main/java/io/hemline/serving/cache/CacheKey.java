package io.hemline.serving.cache;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a question to one model version: equal questions have equal keys. Shared with the edge by the vectors
 * of {@code model-store/fixtures/keys.json}.
 *
 * <p>Immutable.
 */
final class CacheKey {

    /*
     * The key is the SHA-256 of these bytes; all numbers are big-endian.
     *
     *   artifact digest   32 bytes
     *   kind              1 byte: 'T' known trend, 'S' own series
     *
     *   T: hashtag        text, canonical
     *      market         text or absent
     *
     *   S: last_week      int64, days since 1970-01-01
     *      weeks          int32, the length n of the series
     *      series         n doubles
     *      influencer_share, sentiment, engagement      n doubles each
     *      market, gender, category                     text or absent, each
     *      image          1 byte: 0 none, 1 followed by the 32 bytes of the SHA-256 of the file
     *
     *   text              int32 length in bytes, then UTF-8
     *   absent            the int32 −1
     *   double            IEEE 754 binary64; −0 is written as 0, a missing week as the NaN 0x7ff8000000000000
     *
     * An optional series that is absent and one without a single observation mean the same to the model and are written
     * the same, as n missing weeks. The `id` is left out, so that the cache reveals no client's ids to another.
     */
    private static final byte TREND = 'T';
    private static final byte SERIES = 'S';
    private static final int ABSENT = -1;
    private static final long MISSING = 0x7ff8000000000000L;
    private static final int DIGEST_BYTES = 32;

    private final byte[] sha256;
    private final int hash;

    private CacheKey(byte[] sha256) {
        this.sha256 = sha256;
        this.hash = ByteBuffer.wrap(sha256).getInt();
    }

    /** The key of a question to the artifact with this digest (32 bytes). */
    static CacheKey of(byte[] artifactDigest, Question question) {
        if (question instanceof TrendQuestion trend) {
            return ofTrend(artifactDigest, trend);
        }
        if (question instanceof SeriesQuestion own) {
            return ofSeries(artifactDigest, own);
        }
        throw new IllegalArgumentException("question: one whose features are not known yet, not " + question);
    }

    private static CacheKey ofTrend(byte[] artifactDigest, TrendQuestion question) {
        byte[] hashtag = utf8(question.hashtag());
        byte @Nullable [] market = question.market() == null ? null : utf8(question.market());
        ByteBuffer bytes = ByteBuffer.allocate(DIGEST_BYTES + 1 + size(hashtag) + size(market))
                .put(artifactDigest)
                .put(TREND);
        putText(bytes, hashtag);
        putText(bytes, market);
        return hashed(bytes);
    }

    private static CacheKey ofSeries(byte[] artifactDigest, SeriesQuestion question) {
        Series series = question.series();
        Attributes attributes = question.attributes();
        byte @Nullable [][] texts = {
            utf8OrNull(attributes.market()), utf8OrNull(attributes.gender()), utf8OrNull(attributes.category())
        };
        int textBytes = Arrays.stream(texts).mapToInt(CacheKey::size).sum();
        int numbers = Long.BYTES + Integer.BYTES + 4 * Double.BYTES * series.weeks();
        ByteBuffer bytes = ByteBuffer.allocate(DIGEST_BYTES + 1 + numbers + textBytes + 1 + DIGEST_BYTES)
                .put(artifactDigest)
                .put(SERIES)
                .putLong(series.lastWeek().toEpochDay())
                .putInt(series.weeks());
        putWeeks(bytes, series.volume(), series.weeks());
        putWeeks(bytes, series.influencerShare(), series.weeks());
        putWeeks(bytes, series.sentiment(), series.weeks());
        putWeeks(bytes, series.engagement(), series.weeks());
        for (byte @Nullable [] text : texts) {
            putText(bytes, text);
        }
        putImage(bytes, question.image());
        return hashed(bytes);
    }

    private static void putWeeks(ByteBuffer bytes, double @Nullable [] values, int weeks) {
        for (int week = 0; week < weeks; week++) {
            double value = values == null ? Double.NaN : values[week];
            // Adding 0 turns −0 into 0 and changes nothing else.
            bytes.putLong(Double.isNaN(value) ? MISSING : Double.doubleToRawLongBits(value + 0.0));
        }
    }

    private static void putText(ByteBuffer bytes, byte @Nullable [] text) {
        if (text == null) {
            bytes.putInt(ABSENT);
            return;
        }
        bytes.putInt(text.length).put(text);
    }

    private static void putImage(ByteBuffer bytes, @Nullable Image image) {
        if (image == null) {
            bytes.put((byte) 0);
            return;
        }
        bytes.put((byte) 1).put(image.sha256());
    }

    private static int size(byte @Nullable [] text) {
        return Integer.BYTES + (text == null ? 0 : text.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] utf8OrNull(@Nullable String text) {
        return text == null ? null : utf8(text);
    }

    private static CacheKey hashed(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.flip());
            return new CacheKey(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key && Arrays.equals(sha256, key.sha256);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The key in lower-case hex. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(sha256);
    }
}
