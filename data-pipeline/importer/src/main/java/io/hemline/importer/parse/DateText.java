package io.hemline.importer.parse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folded text, split into its date and its time of the day.
 *
 * <p>Immutable.
 *
 * @param date without time and day of the week
 * @param timed whether a time is written
 * @param secondOfDay 0 without time
 * @param zoned whether the time has a zone or an offset
 */
record DateText(String date, boolean timed, int secondOfDay, boolean zoned) {

    /** Longest text that can be a date. */
    static final int MAX_LENGTH = 100;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{4,}\\.0");
    private static final Pattern TIME =
            Pattern.compile("[t ,]*(?<!\\d)(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d{1,9})?)? ?([ap]\\.?m\\b\\.?)?"
                    + "( ?(?:z|utc|gmt|[a-z]{3,4})\\b)?( ?[+-]\\d{2}(?::?\\d{2})?\\b)?(?: ?[(\\[][^)\\]]*[)\\]])?");
    private static final Pattern DAY_OF_WEEK = Pattern.compile("^([^\\d\\s.,]+)[.,]? ?(?=.*\\d)|\\s?\\(([^\\d)]+)\\)$");

    /** Splits a text; null if it cannot be a date. */
    static @Nullable DateText of(String text) {
        if (text.length() > MAX_LENGTH || text.chars().noneMatch(Character::isDigit)) {
            return null;
        }
        String folded = withoutDayOfWeek(Folded.of(text));
        if (WHOLE_NUMBER.matcher(folded).matches()) {
            folded = folded.substring(0, folded.length() - 2);
        }
        if (folded.indexOf(':') < 0) {
            return new DateText(folded, false, 0, false);
        }
        Matcher time = TIME.matcher(folded);
        if (!time.find()) {
            return null;
        }
        int second = secondOfDay(time);
        boolean zoned = time.group(5) != null || time.group(6) != null;
        String rest = folded.substring(0, time.start()) + " " + folded.substring(time.end());
        return second < 0 ? null : new DateText(rest.trim(), true, second, zoned);
    }

    /** Whether the date consists of this many digits. */
    boolean isNumber(int digits) {
        return date.length() == digits && date.chars().allMatch(character -> character >= '0' && character <= '9');
    }

    /** The digits of a date that {@link #isNumber}. */
    long number() {
        return Long.parseLong(date);
    }

    private static int secondOfDay(Matcher time) {
        int hour = Integer.parseInt(time.group(1));
        String half = time.group(4);
        if (half != null) {
            if (hour < 1 || hour > 12) {
                return -1;
            }
            hour = hour % 12 + (half.startsWith("p") ? 12 : 0);
        }
        int minute = Integer.parseInt(time.group(2));
        int second = time.group(3) == null ? 0 : Integer.parseInt(time.group(3));
        return hour > 23 || minute > 59 || second > 59 ? -1 : (hour * 60 + minute) * 60 + second;
    }

    private static String withoutDayOfWeek(String text) {
        Matcher day = DAY_OF_WEEK.matcher(text);
        if (!day.find()) {
            return text;
        }
        String word = day.group(1) == null ? day.group(2) : day.group(1);
        boolean alsoMonth = CalendarWords.month(word) > 0;
        return CalendarWords.isDayOfWeek(word) && !alsoMonth
                ? (text.substring(0, day.start()) + text.substring(day.end())).trim()
                : text;
    }
}
