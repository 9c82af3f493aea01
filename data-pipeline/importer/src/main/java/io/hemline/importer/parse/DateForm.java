package io.hemline.importer.parse;

import io.hemline.importer.parse.DateText.Shape;
import io.hemline.importer.parse.Period.Parsed;
import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.ImportException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way in which the dates of a table are written.
 *
 * <p>Confined to one thread: it remembers the last text.
 */
public final class DateForm {

    private static final Parsed NO_DATE = new Parsed(null, Problem.NOT_A_DATE, false);
    private static final Parsed NO_WEEK = new Parsed(null, Problem.NO_SUCH_WEEK, false);
    private static final LocalTime LATEST = LocalTime.of(3, 0);
    private static final LocalTime EARLIEST = LocalTime.of(21, 0);
    private static final Map<String, String> STRFTIME = Map.ofEntries(
            Map.entry("%Y", "yyyy"),
            Map.entry("%y", "yy"),
            Map.entry("%m", "MM"),
            Map.entry("%d", "dd"),
            Map.entry("%b", "MMM"),
            Map.entry("%B", "MMMM"),
            Map.entry("%H", "HH"),
            Map.entry("%M", "mm"),
            Map.entry("%S", "ss"));

    private final Shape shape;
    private final boolean dayFirst;
    private final boolean guessed;
    private final boolean shifted;
    private final @Nullable DateTimeFormatter pattern;
    private final String words;

    private String last = "";
    private Parsed lastParsed = NO_DATE;

    DateForm(Shape shape, boolean dayFirst, boolean guessed, boolean shifted) {
        this(
                shape,
                dayFirst,
                guessed,
                shifted,
                null,
                shape == Shape.AMBIGUOUS ? (dayFirst ? "day/month/year" : "month/day/year") : shape.words());
    }

    private DateForm(
            Shape shape,
            boolean dayFirst,
            boolean guessed,
            boolean shifted,
            @Nullable DateTimeFormatter pattern,
            String words) {
        this.shape = shape;
        this.dayFirst = dayFirst;
        this.guessed = guessed;
        this.shifted = shifted;
        this.pattern = pattern;
        this.words = words;
    }

    static DateForm ofPattern(String text) {
        String java = text;
        for (Map.Entry<String, String> entry : STRFTIME.entrySet()) {
            java = java.replace(entry.getKey(), entry.getValue());
        }
        try {
            return new DateForm(
                    Shape.YEAR_FIRST, true, false, false, DateTimeFormatter.ofPattern(java, Locale.ENGLISH), text);
        } catch (IllegalArgumentException e) {
            throw new ImportException(
                    "--date-format: '" + text + "' is no pattern; dd/MM/yyyy or %d/%m/%Y reads 31/12/2026", e);
        }
    }

    /** The period that a text names. */
    public Parsed parse(String text) {
        if (!text.equals(last)) {
            last = text;
            lastParsed = pattern == null ? byShape(text) : byPattern(text, pattern);
        }
        return lastParsed;
    }

    private Parsed byShape(String text) {
        DateText date = DateText.of(text);
        if (date == null || !isSameKind(date.shape())) {
            return NO_DATE;
        }
        if (date.missingWeek()) {
            return NO_WEEK;
        }
        LocalDate day = dayFirst ? date.dayFirst() : date.monthFirst();
        if (day == null) {
            return NO_DATE;
        }
        return date.unit() == Unit.DAY ? withTime(day, date.time(), shifted) : parsed(day, date.unit());
    }

    /** A number or a bare year between dates of another shape is no date, however it might be read alone. */
    private boolean isSameKind(Shape other) {
        return other == shape
                || switch (other) {
                    case SERIAL, EPOCH, YEAR, COMPACT -> false;
                    default -> true;
                };
    }

    private static Parsed byPattern(String text, DateTimeFormatter pattern) {
        try {
            TemporalAccessor found =
                    pattern.parseBest(text.strip(), LocalDateTime::from, LocalDate::from, YearMonth::from);
            if (found instanceof LocalDateTime time) {
                return of(time);
            }
            return found instanceof LocalDate day
                    ? parsed(day, Unit.DAY)
                    : parsed(((YearMonth) found).atDay(1), Unit.MONTH);
        } catch (DateTimeException e) {
            return NO_DATE;
        }
    }

    /** The period of a typed cell. */
    public static Parsed of(LocalDateTime typed) {
        return withTime(typed.toLocalDate(), typed.toLocalTime(), isNearMidnight(typed.toLocalTime()));
    }

    private static Parsed withTime(LocalDate day, @Nullable LocalTime time, boolean shifted) {
        if (time == null || time.equals(LocalTime.MIDNIGHT)) {
            return parsed(day, Unit.DAY);
        }
        if (!shifted) {
            return parsed(day, Unit.HOUR);
        }
        LocalDate midnight = time.isBefore(LocalTime.NOON) ? day : day.plusDays(1);
        return new Parsed(new Period(midnight, Unit.DAY), Problem.NONE, true);
    }

    static boolean isNearMidnight(LocalTime time) {
        return time.getMinute() == 0
                && time.getSecond() == 0
                && time.getNano() == 0
                && (time.compareTo(LATEST) <= 0 || time.compareTo(EARLIEST) >= 0);
    }

    private static Parsed parsed(LocalDate day, Unit unit) {
        return new Parsed(new Period(day, unit), Problem.NONE, false);
    }

    /** Words for the report, such as {@code day/month/year}. */
    public String describe() {
        return words;
    }

    /** Whether nothing in the table decided which of day and month comes first. */
    public boolean guessed() {
        return guessed;
    }
}
