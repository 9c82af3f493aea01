package io.hemline.importer.snapshot;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One trend of a feature snapshot, as {@code model-store/feature-schema.json} describes it. Weekly arrays have one length
 * of 1 to 520 weeks, oldest first, NaN = not observed.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param trend canonical
 * @param market such as {@code vn}
 * @param gender such as {@code female}
 * @param category such as {@code pants}
 * @param firstSeen the day of the first post or pin
 * @param lastWeek the Monday that begins the last week
 * @param featuresAsOf when the values were computed
 * @param volume week by week, at least 0
 * @param influencerShare week by week, 0..1
 * @param sentiment week by week, −1..1
 * @param engagement week by week, at least 0
 * @param embedding mean of the embeddings of its images
 * @param encoderDigest SHA-256 of the encoder that made the embedding, in hex
 */
public record TrendRecord(
        String trend,
        String market,
        @Nullable String gender,
        @Nullable String category,
        @Nullable LocalDate firstSeen,
        LocalDate lastWeek,
        @Nullable Instant featuresAsOf,
        double[] volume,
        double @Nullable [] influencerShare,
        double @Nullable [] sentiment,
        double @Nullable [] engagement,
        float @Nullable [] embedding,
        @Nullable String encoderDigest) {

    /** By market, then by trend. */
    static final Comparator<TrendRecord> ORDER =
            Comparator.comparing(TrendRecord::market).thenComparing(TrendRecord::trend);

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /*
     * There is no compact constructor: javac 17 writes no type annotations of its array parameters, so NullAway would
     * take them as never null in the tests.
     */

    /** Throws an {@link IllegalArgumentException} that begins with the name of the field that breaks the schema. */
    void check() {
        if (trend.isEmpty() || trend.length() > TrendQuestion.MAX_HASHTAG_LENGTH) {
            throw invalid("trend", "1 to " + TrendQuestion.MAX_HASHTAG_LENGTH + " characters, not " + trend.length());
        }
        String canonical = TrendQuestion.canonical(trend);
        if (!trend.equals(canonical)) {
            throw invalid("trend", "\"" + trend + "\" is not canonical, \"" + canonical + "\" would be");
        }
        if (market.isEmpty()) {
            throw invalid("market", "is empty");
        }
        if (lastWeek.getDayOfWeek() != DayOfWeek.MONDAY) {
            throw invalid("last_week", lastWeek + " is a " + lastWeek.getDayOfWeek() + ", not a Monday");
        }
        if (volume.length < 1 || volume.length > Series.MAX_WEEKS) {
            throw invalid("volume", "1 to " + Series.MAX_WEEKS + " weeks, not " + volume.length);
        }
        checkWeeks("volume", volume, 0, Series.MAX_VALUE);
        checkWeeks("influencer_share", influencerShare, 0, 1);
        checkWeeks("sentiment", sentiment, -1, 1);
        checkWeeks("engagement", engagement, 0, Series.MAX_VALUE);
        checkEmbedding();
    }

    private void checkWeeks(String field, double @Nullable [] values, double min, double max) {
        if (values == null) {
            return;
        }
        if (values.length != volume.length) {
            throw invalid(field, "as long as the volume, " + volume.length + " weeks, not " + values.length);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] < min || values[i] > max) {
                throw invalid(field + "[" + i + "]", min + " to " + max + ", not " + values[i]);
            }
        }
    }

    private void checkEmbedding() {
        if (encoderDigest != null && !DIGEST.matcher(encoderDigest).matches()) {
            throw invalid("encoder_digest", "64 hexadecimal digits, not \"" + encoderDigest + "\"");
        }
        if (embedding == null) {
            return;
        }
        if (encoderDigest == null) {
            throw invalid("encoder_digest", "is missing beside image_embedding");
        }
        for (int i = 0; i < embedding.length; i++) {
            if (!(Math.abs(embedding[i]) <= Series.MAX_VALUE)) {
                throw invalid(
                        "image_embedding[" + i + "]",
                        "at most " + Series.MAX_VALUE + " either way, not " + embedding[i]);
            }
        }
    }

    private static IllegalArgumentException invalid(String field, String reason) {
        return new IllegalArgumentException(field + ": " + reason);
    }
}
