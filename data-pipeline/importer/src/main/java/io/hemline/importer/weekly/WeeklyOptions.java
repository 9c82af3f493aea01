package io.hemline.importer.weekly;

import java.time.DayOfWeek;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a person said about weeks.
 *
 * @param weekStarts day on which the weeks of the file begin; null to go by the dates
 * @param value how days become weeks; null to go by the values
 * @param today weeks that are not over on this day are not complete
 */
public record WeeklyOptions(
        @Nullable DayOfWeek weekStarts, @Nullable Aggregation value, LocalDate today) {}
