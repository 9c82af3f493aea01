package io.hemline.importer.parse;

import io.hemline.importer.parse.Period.Parsed;
import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.parse.Period.Unit;
import java.time.LocalDate;
import java.util.Set;

/**
 * The times that stand for a midnight elsewhere. Local midnights exported as UTC become 23:00 of the day before, and
 * 22:00 in summer.
 *
 * <p>Immutable.
 *
 * @param times seconds of the day
 * @param nextDayFrom the times from this one on belong to the next day, the earlier ones to the day as written
 */
record Midnight(Set<Integer> times, int nextDayFrom) {

    static final int HOUR = 3600;

    /** Noon still belongs to its day. */
    static final int AFTER_NOON = 12 * HOUR + 1;

    /** No time stands for a midnight elsewhere. */
    static final Midnight AS_WRITTEN = new Midnight(Set.of(), AFTER_NOON);

    /** The times of Europe, where one date alone must do. */
    static final Midnight OF_ONE_DATE = new Midnight(Set.of(22 * HOUR, 23 * HOUR, HOUR), AFTER_NOON);

    /** Times from here on are a way to write the end of their day. */
    private static final int END_OF_DAY = 24 * HOUR - 60;

    Midnight {
        times = Set.copyOf(times);
    }

    static boolean isPlainDay(int secondOfDay) {
        return secondOfDay == 0 || secondOfDay >= END_OF_DAY;
    }

    Parsed understand(Reading reading) {
        if (reading.problem() != Problem.NONE) {
            return new Parsed(null, reading.problem(), false);
        }
        if (isPlainDay(reading.secondOfDay())) {
            return new Parsed(new Period(reading.date(), reading.unit()), Problem.NONE, false);
        }
        if (!times.contains(reading.secondOfDay())) {
            return new Parsed(new Period(reading.date(), Unit.HOUR), Problem.NONE, false);
        }
        LocalDate day = reading.secondOfDay() >= nextDayFrom ? reading.date().plusDays(1) : reading.date();
        return new Parsed(new Period(day, Unit.DAY), Problem.NONE, true);
    }
}
