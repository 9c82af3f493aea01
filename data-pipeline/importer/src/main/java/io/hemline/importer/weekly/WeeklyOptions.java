package io.hemline.importer.weekly;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * How points become weeks.
 *
 * <p>Immutable.
 *
 * @param weekStarts first day of the weeks in the file; absent means that the layout and the dates decide
 * @param value of a week; absent means that the values decide
 * @param today what lies after it is in the future
 */
public record WeeklyOptions(
        @Nullable DayOfWeek weekStarts, @Nullable Aggregation value, LocalDate today) {

    public WeeklyOptions {
        requireNonNull(today, "today");
    }
}
