package io.hemline.importer.feast;

import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.hemline.serving.features.FeastTrend;
import io.hemline.serving.features.KnownTrend;
import io.hemline.serving.features.wire.Value;
import io.hemline.serving.features.wire.Value.ValCase;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Collects the rows of one trend in the online store. The server's own reader decodes them, so that the importer refuses
 * what the server refuses.
 *
 * <p>Confined to one thread.
 */
final class StoredTrend {

    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private final FeastTrend features = new FeastTrend();
    private @Nullable Buffer firstSeen;

    void add(String feature, @Nullable Buffer value, @Nullable Instant eventTime) {
        features.add(feature, value, eventTime);
        if (feature.equals(FeastRow.FIRST_SEEN)) {
            firstSeen = value;
        }
    }

    /** The trend. An {@link IllegalArgumentException} begins with the name of the invalid feature. */
    TrendRecord record(SeriesKey key) {
        KnownTrend known = features.trend(new TrendQuestion(key.trend(), key.market()));
        Series series = known.series();
        return new TrendRecord(
                key.trend(),
                key.market(),
                known.attributes().gender(),
                known.attributes().category(),
                firstSeen(),
                series.lastWeek(),
                Instant.parse(known.asOf()),
                series.volume(),
                series.influencerShare(),
                series.sentiment(),
                series.engagement(),
                known.embedding(),
                known.encoderDigest());
    }

    private @Nullable LocalDate firstSeen() {
        Value days = firstSeen == null ? null : FeastTrend.decode(firstSeen, ValCase.INT64_VAL);
        if (days == null) {
            return null;
        }
        if (days.getInt64Val() < FIRST_DAY || days.getInt64Val() > LAST_DAY) {
            throw new IllegalArgumentException(
                    FeastRow.FIRST_SEEN + ": a day of the years 1 to 9999 is expected, not " + days.getInt64Val());
        }
        return LocalDate.ofEpochDay(days.getInt64Val());
    }
}
