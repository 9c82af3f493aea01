package io.hemline.serving.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hemline.serving.core.Question.TrendQuestion;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Feast's entity key serialization, version 3, of a trend's key; integers are unsigned and little-endian. */
public final class EntityKey {

    /*
     * Layout: the number of join keys; the names of the join keys in alphabetical order; their values in that order. Names
     * and values are written as type, length, bytes; type 2 is a string.
     */
    private static final int STRING = 2;
    private static final byte[] MARKET = "market".getBytes(UTF_8);
    private static final byte[] TREND = "trend".getBytes(UTF_8);
    private static final Buffer NAMES = text(text(Buffer.buffer().appendIntLE(2), MARKET), TREND);

    private EntityKey() {}

    /** The key of a trend in a market. */
    public static Buffer of(String market, String hashtag) {
        return text(text(Buffer.buffer().appendBuffer(NAMES), market.getBytes(UTF_8)), hashtag.getBytes(UTF_8));
    }

    private static Buffer text(Buffer key, byte[] text) {
        return key.appendIntLE(STRING).appendIntLE(text.length).appendBytes(text);
    }

    /** The trend of the key; {@code null} for keys of other entities. */
    static @Nullable TrendQuestion parse(Buffer key) {
        int start = NAMES.length();
        if (key.length() < start || !key.slice(0, start).equals(NAMES)) {
            return null;
        }
        String market = text(key, start);
        if (market == null) {
            return null;
        }
        int next = start + 8 + key.getIntLE(start + 4);
        String hashtag = text(key, next);
        // A key that serializes differently has trailing bytes or invalid UTF-8, and no question can match it.
        return hashtag != null && of(market, hashtag).equals(key) ? new TrendQuestion(hashtag, market) : null;
    }

    private static @Nullable String text(Buffer key, int at) {
        if (at + 8 > key.length() || key.getIntLE(at) != STRING) {
            return null;
        }
        int length = key.getIntLE(at + 4);
        return length < 0 || length > key.length() - at - 8 ? null : key.getString(at + 8, at + 8 + length);
    }
}
