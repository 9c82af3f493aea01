package io.hemline.importer.parse;

import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.ImportException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The pattern of the option {@code --date-format}.
 *
 * <p>Immutable.
 */
final class DatePattern {

    /** American names of months, and ISO weeks. */
    private static final Locale ENGLISH = Locale.forLanguageTag("en-US-u-rg-gbzzzz");

    private static final ZonedDateTime EXAMPLE = ZonedDateTime.of(2024, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC);

    private final DateTimeFormatter formatter;
    private final boolean shortYear;
    private final boolean numbered;
    private final boolean weeks;

    private DatePattern(String letters) {
        String fields = letters.replaceAll("'[^']*'", "");
        shortYear = fields.matches(".*(?<!u)uu(?!u).*");
        numbered = fields.contains("w");
        weeks = numbered && !fields.matches(".*[eEc].*");
        DateTimeFormatterBuilder builder =
                new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(letters);
        if (weeks) {
            builder.parseDefaulting(ChronoField.DAY_OF_WEEK, 1);
        }
        formatter = builder.toFormatter(ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    /**
     * Reads a pattern of {@code java.time}, or of {@code strftime} if it has a percent sign.
     *
     * @throws ImportException for a pattern that cannot be read, or that names no day, week, month, quarter or year
     */
    static DatePattern of(String pattern) {
        try {
            DatePattern read = new DatePattern(
                    pattern.indexOf('%') < 0 ? PatternLetters.ofJava(pattern) : PatternLetters.ofStrftime(pattern));
            if (read.read(read.formatter.format(EXAMPLE)) != null) {
                return read;
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw unreadable(pattern, e);
        }
        throw unreadable(pattern, null);
    }

    /** Reads a text; null if it does not fit the pattern. */
    @Nullable Reading read(String text) {
        try {
            String written = text.strip();
            Reading reading = reading(formatter.parse(written));
            return reading == null || !numbered || isWritten(reading, written)
                    ? reading
                    : new Reading(reading.date(), Unit.WEEK, Problem.NO_SUCH_WEEK, 0, false);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether a text names the week itself; week 53 of a short year is read as the first of the next year. */
    private boolean isWritten(Reading reading, String text) {
        return formatter.format(reading.date().atStartOfDay(ZoneOffset.UTC)).equalsIgnoreCase(text);
    }

    private @Nullable Reading reading(TemporalAccessor parsed) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date == null) {
            return longer(parsed);
        }
        LocalDate day = shortYear && date.getYear() >= 2070 ? date.minusYears(100) : date;
        LocalTime time = parsed.query(TemporalQueries.localTime());
        boolean zoned = parsed.query(TemporalQueries.zone()) != null;
        Reading untimed = Reading.ofOrNull(day, weeks ? Unit.WEEK : Unit.DAY);
        return untimed == null || time == null || weeks
                ? untimed
                : new Reading(day, Unit.DAY, Problem.NONE, time.toSecondOfDay(), zoned);
    }

    private @Nullable Reading longer(TemporalAccessor parsed) {
        boolean incompleteDay = parsed.isSupported(ChronoField.DAY_OF_MONTH);
        if (!parsed.isSupported(ChronoField.YEAR) || incompleteDay) {
            return null;
        }
        int written = parsed.get(ChronoField.YEAR);
        int year = shortYear && written >= 2070 ? written - 100 : written;
        if (parsed.isSupported(ChronoField.MONTH_OF_YEAR)) {
            return Reading.months(year, parsed.get(ChronoField.MONTH_OF_YEAR), Unit.MONTH);
        }
        if (parsed.isSupported(IsoFields.QUARTER_OF_YEAR)) {
            return Reading.months(year, (int) parsed.getLong(IsoFields.QUARTER_OF_YEAR) * 3 - 2, Unit.QUARTER);
        }
        return Reading.months(year, 1, Unit.YEAR);
    }

    private static ImportException unreadable(String pattern, @Nullable Throwable cause) {
        String message = "--date-format \"" + pattern.replaceAll("\\p{Cntrl}", " ")
                + "\" is not a pattern of dates; 31/12/2024 is dd/MM/yyyy or %d/%m/%Y";
        return cause == null ? new ImportException(message) : new ImportException(message, cause);
    }
}
