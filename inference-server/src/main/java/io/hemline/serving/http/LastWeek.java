package io.hemline.serving.http;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the Monday that begins the last week of a series. */
final class LastWeek {

    static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);
    static final LocalDate LATEST = LocalDate.of(2199, 12, 30);

    private static final int ISO_LENGTH = 10;

    private LastWeek() {}

    /** The Monday, or {@code null} after a fault. */
    static @Nullable LocalDate read(String text, String pointer, Faults faults) {
        LocalDate date = parse(text);
        if (date == null) {
            faults.add(pointer, "a date such as 2026-11-16, not " + Shown.quoted(text));
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

    private static @Nullable LocalDate parse(String text) {
        if (text.length() != ISO_LENGTH) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static String word(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }
}
