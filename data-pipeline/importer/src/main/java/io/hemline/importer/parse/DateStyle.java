package io.hemline.importer.parse;

import com.google.errorprone.annotations.Immutable;
import io.hemline.importer.parse.NumericDate.Order;
import io.hemline.importer.parse.Period.Unit;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A way in which the dates of a whole column are written. Only day and month can be taken for each other. */
enum DateStyle {
    YEAR_MONTH_DAY("year-month-day", text -> NumericDate.read(text.date(), Order.YEAR_MONTH_DAY)),
    DAY_MONTH_YEAR("day/month/year", text -> NumericDate.read(text.date(), Order.DAY_MONTH_YEAR)),
    MONTH_DAY_YEAR("month/day/year", text -> NumericDate.read(text.date(), Order.MONTH_DAY_YEAR)),
    COMPACT("yyyyMMdd", DateStyle::compact),
    NAMED("dates with the month in words", text -> NamedDate.read(text.date())),
    WEEK("ISO weeks", text -> week(text.date())),
    MONTH("months", text -> month(text.date())),
    QUARTER("quarters", text -> quarter(text.date())),
    YEAR("years", text -> text.isNumber(4) ? Reading.months((int) text.number(), 1, Unit.YEAR) : null),
    EXCEL_DAY("day numbers of Excel", DateStyle::excelDay),
    EPOCH_SECONDS("seconds since 1970", text -> epoch(text, 10, 1)),
    EPOCH_MILLISECONDS("milliseconds since 1970", text -> epoch(text, 13, 1000));

    private static final LocalDate EXCEL_DAY_ZERO = LocalDate.of(1899, 12, 30);
    private static final int FIRST_EXCEL_DAY = 20_000;
    private static final int LAST_EXCEL_DAY = 80_000;
    private static final Pattern YEAR_WEEK =
            Pattern.compile("(\\d{4})[- ]{0,3}(?:w|wk|week|kw) ?(\\d{1,2})(?:-?([1-7]))?");
    private static final Pattern WEEK_YEAR = Pattern.compile("(?:w|wk|week|kw) ?(\\d{1,2})[-/, ]{1,3}(\\d{4})");
    private static final Pattern YEAR_MONTH = Pattern.compile("(\\d{4})([-/])(\\d{1,2})");
    private static final Pattern MONTH_YEAR = Pattern.compile("(\\d{1,2})[-/](\\d{4})");
    private static final Pattern YEAR_QUARTER = Pattern.compile("(\\d{4})[-/ ]{0,3}q([1-4])");
    private static final Pattern QUARTER_YEAR = Pattern.compile("q([1-4])[-/, ]{0,3}(\\d{4})");

    private final String description;
    private final Grammar grammar;

    /** Reads the date of a text; null for another style. */
    @Immutable
    private interface Grammar {
        @Nullable Reading read(DateText text);
    }

    DateStyle(String description, Grammar grammar) {
        this.description = description;
        this.grammar = grammar;
    }

    /** Reads a text of this style; null for any other text. */
    @Nullable Reading read(DateText text) {
        Reading reading = grammar.read(text);
        return reading == null ? null : reading.at(text);
    }

    String description() {
        return description;
    }

    /** Whether counts are written like this style too, so that only evenly spaced numbers are taken for dates. */
    boolean looksLikeCounts() {
        return this == YEAR || this == EXCEL_DAY;
    }

    private static @Nullable Reading compact(DateText text) {
        if (!text.isNumber(8)) {
            return null;
        }
        int number = (int) text.number();
        return Reading.day(number / 10_000, number / 100 % 100, number % 100);
    }

    private static @Nullable Reading week(String text) {
        Matcher yearFirst = YEAR_WEEK.matcher(text);
        if (yearFirst.matches()) {
            Reading week = Reading.week(number(yearFirst, 1), number(yearFirst, 2));
            if (week == null || yearFirst.group(3) == null || week.problem() != Period.Problem.NONE) {
                return week;
            }
            return Reading.ofOrNull(week.date().plusDays(number(yearFirst, 3) - 1L), Unit.DAY);
        }
        Matcher weekFirst = WEEK_YEAR.matcher(text);
        return weekFirst.matches() ? Reading.week(number(weekFirst, 2), number(weekFirst, 1)) : null;
    }

    private static @Nullable Reading month(String text) {
        Matcher yearFirst = YEAR_MONTH.matcher(text);
        if (yearFirst.matches()) {
            return Reading.months(number(yearFirst, 1), number(yearFirst, 3), Unit.MONTH);
        }
        Matcher monthFirst = MONTH_YEAR.matcher(text);
        return monthFirst.matches() ? Reading.months(number(monthFirst, 2), number(monthFirst, 1), Unit.MONTH) : null;
    }

    private static @Nullable Reading quarter(String text) {
        Matcher yearFirst = YEAR_QUARTER.matcher(text);
        if (yearFirst.matches()) {
            return Reading.months(number(yearFirst, 1), number(yearFirst, 2) * 3 - 2, Unit.QUARTER);
        }
        Matcher quarterFirst = QUARTER_YEAR.matcher(text);
        return quarterFirst.matches()
                ? Reading.months(number(quarterFirst, 2), number(quarterFirst, 1) * 3 - 2, Unit.QUARTER)
                : null;
    }

    private static @Nullable Reading excelDay(DateText text) {
        if (!text.isNumber(5) || text.number() < FIRST_EXCEL_DAY || text.number() > LAST_EXCEL_DAY) {
            return null;
        }
        return Reading.ofOrNull(EXCEL_DAY_ZERO.plusDays(text.number()), Unit.DAY);
    }

    /** Times since 1970 with the most digits that occur until the year 2286, or with one less, from 1973 on. */
    private static @Nullable Reading epoch(DateText text, int digits, int perSecond) {
        if (text.timed() || (!text.isNumber(digits) && !text.isNumber(digits - 1))) {
            return null;
        }
        long second = text.number() / perSecond;
        long secondsOfDay = ChronoUnit.DAYS.getDuration().toSeconds();
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, secondsOfDay));
        int time = (int) Math.floorMod(second, secondsOfDay);
        return new Reading(date, Unit.DAY, Period.Problem.NONE, time, true);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
