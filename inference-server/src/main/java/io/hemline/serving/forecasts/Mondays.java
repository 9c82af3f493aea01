package io.hemline.serving.forecasts;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Series;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Mondays as ISO 8601 writes them. A response names some twenty, and nearly all responses the same ones, so those of all weeks
 * that a series may have are formatted once.
 *
 * <p>Thread-safe: each element of {@code written} is set once, or twice to the same value.
 */
final class Mondays {

    private static final long FIRST = LastWeek.EARLIEST.toEpochDay() - 7L * Series.MAX_WEEKS;
    private static final int COUNT = index(LastWeek.LATEST.toEpochDay()) + Forecast.HORIZON + 1;
    private static final @Nullable SerializableString[] WRITTEN = new SerializableString[COUNT];

    private Mondays() {}

    /** The Monday a number of weeks after another one. */
    static SerializableString written(LocalDate monday, long weeksAfter) {
        long day = monday.toEpochDay() + 7 * weeksAfter;
        int index = index(day);
        if (index < 0 || index >= COUNT) {
            return write(day);
        }
        SerializableString known = WRITTEN[index];
        if (known == null) {
            known = write(day);
            WRITTEN[index] = known;
        }
        return known;
    }

    private static SerializableString write(long day) {
        return new SerializedString(LocalDate.ofEpochDay(day).toString());
    }

    private static int index(long day) {
        return (int) Math.floorDiv(day - FIRST, 7L);
    }
}
