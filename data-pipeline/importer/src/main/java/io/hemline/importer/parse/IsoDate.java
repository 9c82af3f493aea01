package io.hemline.importer.parse;

import org.jspecify.annotations.Nullable;

/** The short path for {@code 2024-01-05} and {@code 2024-01-05T23:00:00Z}, which most files hold. */
final class IsoDate {

    private static final int DATE_LENGTH = 10;

    private IsoDate() {}

    /** Reads a date, or a time in UTC or without zone; null for anything else, also for an invalid day. */
    static @Nullable Reading read(String text) {
        int length = text.length();
        if (length < DATE_LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 2);
        int day = number(text, 8, 2);
        Reading date = year < 0 || month < 0 || day < 0 ? null : Reading.day(year, month, day);
        if (date == null || length == DATE_LENGTH) {
            return date;
        }
        char separator = text.charAt(DATE_LENGTH);
        return separator == 'T' || separator == ' ' ? withTime(date, text) : null;
    }

    private static @Nullable Reading withTime(Reading date, String text) {
        boolean zoned = text.endsWith("Z");
        int length = withoutFraction(text, text.length() - (zoned ? 1 : 0));
        boolean seconds = length == 19 && text.charAt(16) == ':';
        if ((length != 16 && !seconds) || text.charAt(13) != ':') {
            return null;
        }
        int hour = number(text, 11, 2);
        int minute = number(text, 14, 2);
        int second = seconds ? number(text, 17, 2) : 0;
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return null;
        }
        return new Reading(date.date(), date.unit(), date.problem(), (hour * 60 + minute) * 60 + second, zoned);
    }

    /** The length without a fraction of the second, which changes no hour. */
    private static int withoutFraction(String text, int length) {
        if (length < 21 || length > 29 || text.charAt(19) != '.') {
            return length;
        }
        for (int i = 20; i < length; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return length;
            }
        }
        return 19;
    }

    private static int number(String text, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            char character = text.charAt(i);
            if (character < '0' || character > '9') {
                return -1;
            }
            value = value * 10 + (character - '0');
        }
        return value;
    }
}
