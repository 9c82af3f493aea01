package io.hemline.serving.forecasts;

import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.SafeText;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the Monday that begins the last week of a series. */
public final class LastWeek {

    public static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);
    public static final LocalDate LATEST = LocalDate.of(2199, 12, 30);

    private static final int ISO_LENGTH = 10;

    private LastWeek() {}

    /** The Monday, or {@code null} after a fault. */
    static @Nullable LocalDate read(String text, String pointer, InvalidFields faults) {
        LocalDate date = parse(text);
        if (date == null) {
            faults.add(pointer, "a date such as 2026-11-16, not " + SafeText.quoted(text));
            return null;
        }
        if (date.getDayOfWeek() != DayOfWeek.MONDAY) {
            LocalDate monday = date.with(DayOfWeek.MONDAY);
            faults.add(
                    pointer,
                    "a Monday, not " + text + ", a " + word(date.getDayOfWeek()) + "; its week begins on " + monday);
            return null;
        }
        if (date.isBefore(EARLIEST) || date.isAfter(LATEST)) {
            faults.add(pointer, "a Monday from " + EARLIEST + " to " + LATEST + ", not " + text);
            return null;
        }
        return date;
    }

    /** Only {@code yyyy-mm-dd}; many times as fast as a formatter, and read for every series. */
    private static @Nullable LocalDate parse(String text) {
        if (text.length() != ISO_LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, ISO_LENGTH);
        if (year < 0 || month < 0 || day < 0) {
            return null;
        }
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The number, −1 if not all characters are digits. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = 10 * number + digit - '0';
        }
        return number;
    }

    private static String word(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }
}
