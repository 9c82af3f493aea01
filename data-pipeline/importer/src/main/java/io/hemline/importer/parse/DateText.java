package io.hemline.importer.parse;

import io.hemline.importer.parse.Period.Unit;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.IsoFields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text that names a day, a week, a month, a quarter or a year, read by its shape. Only {@code 3/4/2024} has two
 * readings: day first and month first.
 *
 * <p>Immutable.
 *
 * @param shape of the text
 * @param unit that it names
 * @param dayFirst the first day by reading day before month; null if that is no date
 * @param monthFirst the same by reading month before day; equal to {@code dayFirst} for all other shapes
 * @param time of day; null for none
 * @param missingWeek whether it names a week that its year does not have
 */
record DateText(
        Shape shape,
        Unit unit,
        @Nullable LocalDate dayFirst,
        @Nullable LocalDate monthFirst,
        @Nullable LocalTime time,
        boolean missingWeek) {

    enum Shape {
        YEAR_FIRST("year-month-day"),
        AMBIGUOUS("day/month/year or month/day/year"),
        NAMED("a day with the name of its month"),
        COMPACT("yyyymmdd"),
        WEEK("year and week"),
        RANGE("first day - last day"),
        MONTH("months"),
        QUARTER("quarters"),
        YEAR("years"),
        SERIAL("Excel's day numbers"),
        EPOCH("seconds or milliseconds since 1970");

        private final String words;

        Shape(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private static final int LONGEST = 64;
    private static final String TIME =
            "(?:(?:T|\\s+)(?<time>\\d{1,2}:\\d{2}(?::\\d{2})?)(?:[.,]\\d+)?\\s*(?:Z|UTC|[+-]\\d{2}:?\\d{2})?)?";
    private static final Pattern YEAR_FIRST =
            Pattern.compile("(?<year>\\d{4})([-/.])(?<month>\\d{1,2})\\2(?<day>\\d{1,2})\\.?" + TIME);
    private static final Pattern AMBIGUOUS =
            Pattern.compile("(?<first>\\d{1,2})([-/.])(?<second>\\d{1,2})\\2(?<year>\\d{4}|\\d{2})" + TIME);
    private static final Pattern DAY_NAMED =
            Pattern.compile("(?:\\p{L}+\\.?,?\\s+)?(?<day>\\d{1,2})(?:\\.|st|nd|rd|th)?"
                    + "[\\s-]*(?:de\\s+)?(?<month>\\p{L}{3,}\\.?)[\\s,-]*(?:de\\s+)?(?<year>\\d{4}|\\d{2})" + TIME);
    private static final Pattern MONTH_NAMED = Pattern.compile(
            "(?:\\p{L}+\\.?,\\s+)?(?<month>\\p{L}{3,}\\.?)[\\s-]+(?<day>\\d{1,2})(?:st|nd|rd|th)?,?[\\s-]+(?<year>\\d{4})"
                    + TIME);
    private static final Pattern ASIAN = Pattern.compile(
            "(?<year>\\d{4})\\s*[\u5e74\ub144]\\s*(?<month>\\d{1,2})\\s*[\u6708\uc6d4]\\s*(?<day>\\d{1,2})\\s*[\u65e5\uc77c]");
    private static final Pattern VIETNAMESE = Pattern.compile(
            "(?:ng\u00e0y\\s+)?(?<day>\\d{1,2})\\s+th\u00e1ng\\s+(?<month>\\d{1,2}),?\\s+(?:n\u0103m\\s+)?(?<year>\\d{4})",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern COMPACT = Pattern.compile("(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})");
    private static final Pattern WEEK =
            Pattern.compile("(?<year>\\d{4})[-\\s/]?(?:W|KW|CW)[-\\s]?(?<week>\\d{1,2})", Pattern.CASE_INSENSITIVE);
    private static final Pattern WEEK_FIRST = Pattern.compile(
            "(?:W|KW|CW|Week|Woche)\\s?(?<week>\\d{1,2})[-,\\s/.]+(?<year>\\d{4})", Pattern.CASE_INSENSITIVE);
    private static final Pattern RANGE =
            Pattern.compile("(.+?)\\s*(?:\\s-\\s|\u2013|\u2014|\\sto\\s|\\sbis\\s|\\s/\\s)\\s*(.+)");
    private static final Pattern MONTH = Pattern.compile("(?<year>\\d{4})[-/](?<month>\\d{1,2})");
    private static final Pattern MONTH_YEAR = Pattern.compile("(?<month>\\d{1,2})[-/](?<year>\\d{4})");
    private static final Pattern NAMED_MONTH =
            Pattern.compile("(?<month>\\p{L}{3,}\\.?),?[\\s-]+(?:de\\s+)?(?<year>\\d{4}|\\d{2})");
    private static final Pattern QUARTER =
            Pattern.compile("(?<year>\\d{4})[-\\s/]?Q(?<quarter>[1-4])|Q(?<quarter2>[1-4])[-\\s/]?(?<year2>\\d{4})");
    private static final Pattern YEAR = Pattern.compile("(?<year>(?:19|2\\d)\\d{2})");
    private static final Pattern NUMBER =
            Pattern.compile("(?<days>\\d{5})(?:\\.\\d+)?|(?<seconds>\\d{9,10})|(?<millis>\\d{12,13})");
    private static final LocalDate EXCEL_ZERO = LocalDate.of(1899, 12, 30);

    /** The date that a text names, or null if it names none. */
    static @Nullable DateText of(String text) {
        String clean = text.strip();
        if (clean.isEmpty() || clean.length() > LONGEST) {
            return null;
        }
        clean = Normalizer.normalize(clean, Normalizer.Form.NFKC);
        try {
            DateText found = day(clean);
            if (found == null) {
                found = longer(clean);
            }
            found = found == null ? range(clean) : found;
            return found != null && found.isInRange() ? found : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private boolean isInRange() {
        LocalDate day = dayFirst == null ? monthFirst : dayFirst;
        return day != null && day.getYear() >= 1900 && day.getYear() < 3000;
    }

    private static @Nullable DateText day(String text) {
        Matcher m = YEAR_FIRST.matcher(text);
        if (m.matches()) {
            return day(Shape.YEAR_FIRST, date(m), time(m));
        }
        m = AMBIGUOUS.matcher(text);
        if (m.matches()) {
            int year = year(m.group("year"));
            int first = Integer.parseInt(m.group("first"));
            int second = Integer.parseInt(m.group("second"));
            LocalDate dayFirst = dateOrNull(year, second, first);
            LocalDate monthFirst = dateOrNull(year, first, second);
            return dayFirst == null && monthFirst == null
                    ? null
                    : new DateText(Shape.AMBIGUOUS, Unit.DAY, dayFirst, monthFirst, time(m), false);
        }
        for (Pattern pattern : new Pattern[] {DAY_NAMED, MONTH_NAMED}) {
            m = pattern.matcher(text);
            if (m.matches() && MonthNames.number(m.group("month")) > 0) {
                LocalDate date = LocalDate.of(
                        year(m.group("year")), MonthNames.number(m.group("month")), Integer.parseInt(m.group("day")));
                return day(Shape.NAMED, date, time(m));
            }
        }
        for (Pattern pattern : new Pattern[] {ASIAN, VIETNAMESE}) {
            m = pattern.matcher(text);
            if (m.matches()) {
                return day(Shape.NAMED, date(m), null);
            }
        }
        m = COMPACT.matcher(text);
        if (m.matches()) {
            return day(Shape.COMPACT, date(m), null);
        }
        m = NUMBER.matcher(text);
        return m.matches() ? number(m) : null;
    }

    private static @Nullable DateText number(Matcher m) {
        if (m.group("days") != null) {
            int days = Integer.parseInt(m.group("days"));
            return days < 20_000 || days > 80_000 ? null : day(Shape.SERIAL, EXCEL_ZERO.plusDays(days), null);
        }
        long seconds = m.group("seconds") != null
                ? Long.parseLong(m.group("seconds"))
                : Long.parseLong(m.group("millis")) / 1000;
        return day(
                Shape.EPOCH,
                LocalDate.ofEpochDay(Math.floorDiv(seconds, 86_400)),
                LocalTime.ofSecondOfDay(Math.floorMod(seconds, 86_400)));
    }

    private static @Nullable DateText longer(String text) {
        for (Pattern pattern : new Pattern[] {WEEK, WEEK_FIRST}) {
            Matcher m = pattern.matcher(text);
            if (m.matches()) {
                return week(Integer.parseInt(m.group("year")), Integer.parseInt(m.group("week")));
            }
        }
        for (Pattern pattern : new Pattern[] {MONTH, MONTH_YEAR}) {
            Matcher m = pattern.matcher(text);
            if (m.matches()) {
                LocalDate first =
                        LocalDate.of(Integer.parseInt(m.group("year")), Integer.parseInt(m.group("month")), 1);
                return new DateText(Shape.MONTH, Unit.MONTH, first, first, null, false);
            }
        }
        Matcher m = NAMED_MONTH.matcher(text);
        if (m.matches() && MonthNames.number(m.group("month")) > 0) {
            LocalDate first = LocalDate.of(year(m.group("year")), MonthNames.number(m.group("month")), 1);
            return new DateText(Shape.MONTH, Unit.MONTH, first, first, null, false);
        }
        m = QUARTER.matcher(text);
        if (m.matches()) {
            String year = m.group("year") == null ? m.group("year2") : m.group("year");
            String quarter = m.group("quarter") == null ? m.group("quarter2") : m.group("quarter");
            LocalDate first = LocalDate.of(Integer.parseInt(year), 3 * Integer.parseInt(quarter) - 2, 1);
            return new DateText(Shape.QUARTER, Unit.QUARTER, first, first, null, false);
        }
        m = YEAR.matcher(text);
        if (m.matches()) {
            LocalDate first = LocalDate.of(Integer.parseInt(m.group("year")), 1, 1);
            return new DateText(Shape.YEAR, Unit.YEAR, first, first, null, false);
        }
        return null;
    }

    private static @Nullable DateText week(int year, int week) {
        LocalDate january = LocalDate.of(year, 1, 4);
        if (week < 1 || week > 53) {
            return null;
        }
        boolean missing =
                week > january.range(IsoFields.WEEK_OF_WEEK_BASED_YEAR).getMaximum();
        LocalDate monday =
                january.minusDays(january.getDayOfWeek().getValue() - 1L).plusWeeks(week - 1L);
        return new DateText(Shape.WEEK, Unit.WEEK, monday, monday, null, missing);
    }

    /** A range of seven days is a week; any other range is no date here. */
    private static @Nullable DateText range(String text) {
        Matcher m = RANGE.matcher(text);
        if (!m.matches()) {
            return null;
        }
        DateText first = day(m.group(1));
        DateText last = day(m.group(2));
        if (first == null || last == null) {
            return null;
        }
        LocalDate dayFirst = weekOrNull(first.dayFirst, last.dayFirst);
        LocalDate monthFirst = weekOrNull(first.monthFirst, last.monthFirst);
        return dayFirst == null && monthFirst == null
                ? null
                : new DateText(Shape.RANGE, Unit.WEEK, dayFirst, monthFirst, null, false);
    }

    private static @Nullable LocalDate weekOrNull(@Nullable LocalDate first, @Nullable LocalDate last) {
        return first != null && last != null && last.equals(first.plusDays(6)) ? first : null;
    }

    private static DateText day(Shape shape, LocalDate date, @Nullable LocalTime time) {
        return new DateText(shape, Unit.DAY, date, date, time, false);
    }

    private static LocalDate date(Matcher m) {
        return LocalDate.of(
                Integer.parseInt(m.group("year")),
                Integer.parseInt(m.group("month")),
                Integer.parseInt(m.group("day")));
    }

    private static @Nullable LocalDate dateOrNull(int year, int month, int day) {
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int year(String digits) {
        int number = Integer.parseInt(digits);
        return digits.length() == 4 ? number : number + (number < 70 ? 2000 : 1900);
    }

    private static @Nullable LocalTime time(Matcher m) {
        String text = m.group("time");
        return text == null ? null : LocalTime.parse(text.indexOf(':') == 1 ? "0" + text : text);
    }
}
