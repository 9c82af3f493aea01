package io.hemline.importer.parse;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A time span that a date names.
 *
 * <p>Immutable.
 *
 * @param start its first day
 * @param unit what the text names: {@code 2024-05} is a month, {@code 2024-W05} a week, a range of seven days a week
 */
public record Period(LocalDate start, Unit unit) {

    /** The length of a period, as far as the text says. A {@link #DAY} may also stand for a week that it begins or ends. */
    public enum Unit {
        DAY,
        WEEK,
        MONTH,
        QUARTER,
        YEAR,
        /** A time of a day other than midnight, also after the correction for daylight saving time. */
        HOUR
    }

    /** The period, or null with the reason why a text names none. */
    public record Parsed(@Nullable Period period, Problem problem, boolean shifted) {}

    /** Why a text names no period. */
    public enum Problem {
        NONE,
        NOT_A_DATE,
        /** Week 53 of a year with 52 weeks. */
        NO_SUCH_WEEK
    }
}
