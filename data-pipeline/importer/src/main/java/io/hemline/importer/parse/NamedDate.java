package io.hemline.importer.parse;

import io.hemline.importer.parse.Period.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates with the name of the month, and those of East Asian and Vietnamese calendars: {@code 5 Jan 2024},
 * {@code Jan 1 – 7, 2023}, {@code 2024年1月5日}, {@code ngày 5 tháng 1 năm 2024}.
 */
final class NamedDate {

    /*
     * The text becomes a sequence of numbers and months, written as a shape: M a month, Y a number of four digits, N a
     * number of one or two. Words that join them are left out; any other word ends the reading.
     */

    private static final Pattern TOKEN = Pattern.compile("(\\d+)|((?<=\\d)[年月日号號년월일]|\\p{L}+)|([^\\d\\p{L}]+)");
    private static final Pattern SEPARATOR = Pattern.compile("[ .,/'–—~()-]+");
    private static final Set<String> JOINING_WORDS =
            Set.of("de", "del", "of", "the", "den", "le", "el", "to", "bis", "au", "al", "ngay", "nam", "d");
    private static final Set<String> ORDINALS = Set.of("st", "nd", "rd", "th", "er", "º", "o", "日", "일", "号", "號");

    private NamedDate() {}

    static @Nullable Reading read(String text) {
        List<Integer> values = new ArrayList<>();
        String shape = shape(text, values);
        if (shape == null || shape.indexOf('M') < 0) {
            return null;
        }
        if (shape.equals("MNMY") && CalendarWords.isDayOfWeek(text.split("[ .,]", 2)[0])) {
            // In French, Spanish and Italian, "mar" is Tuesday too.
            return day("NMY", values.subList(1, 4));
        }
        return shape.length() <= 3 ? single(shape, values, text) : range(shape, values);
    }

    private static @Nullable Reading single(String shape, List<Integer> values, String text) {
        return switch (shape) {
            case "NMY", "MNY", "YMN" -> day(shape, values);
            case "NMN" ->
                text.matches(".*\\D[0-9]{2}")
                        ? Reading.day(Reading.fullYear(values.get(2)), values.get(1), values.get(0))
                        : null;
            // Without the comma, "Jan 8 - 14" would be a day of 2014.
            case "MNN" ->
                text.matches(".*, ?'?[0-9]{2}")
                        ? Reading.day(Reading.fullYear(values.get(2)), values.get(0), values.get(1))
                        : null;
            case "MY" -> Reading.months(values.get(1), values.get(0), Unit.MONTH);
            case "YM" -> Reading.months(values.get(0), values.get(1), Unit.MONTH);
            // "Jan-24" and "Jan '24" are months; "Jan 24" may be a day without year.
            case "MN" ->
                text.matches(".*[-'][0-9]{2}")
                        ? Reading.months(Reading.fullYear(values.get(1)), values.get(0), Unit.MONTH)
                        : null;
            default -> null;
        };
    }

    private static @Nullable Reading range(String shape, List<Integer> values) {
        int half = shape.length() / 2;
        return switch (shape) {
            case "MNYMNY", "NMYNMY", "YMNYMN" ->
                Reading.range(
                        day(shape.substring(0, half), values.subList(0, half)),
                        day(shape.substring(half), values.subList(half, shape.length())));
            case "MNNY" -> range(values.get(3), values.get(0), values.get(1), values.get(0), values.get(2));
            case "NNMY" -> range(values.get(3), values.get(2), values.get(0), values.get(2), values.get(1));
            case "MNMNY" -> range(values.get(4), values.get(0), values.get(1), values.get(2), values.get(3));
            case "NMNMY" -> range(values.get(4), values.get(1), values.get(0), values.get(3), values.get(2));
            default -> null;
        };
    }

    private static @Nullable Reading range(int lastYear, int firstMonth, int firstDay, int lastMonth, int lastDay) {
        int firstYear = firstMonth > lastMonth ? lastYear - 1 : lastYear;
        return Reading.range(Reading.day(firstYear, firstMonth, firstDay), Reading.day(lastYear, lastMonth, lastDay));
    }

    private static @Nullable Reading day(String shape, List<Integer> values) {
        return Reading.day(
                values.get(shape.indexOf('Y')), values.get(shape.indexOf('M')), values.get(shape.indexOf('N')));
    }

    /** The shape of a text, whose numbers are added to {@code values}; null if it holds anything else. */
    private static @Nullable String shape(String text, List<Integer> values) {
        StringBuilder shape = new StringBuilder();
        boolean monthWord = false;
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            if (token.group(3) != null) {
                if (!SEPARATOR.matcher(token.group(3)).matches()) {
                    return null;
                }
            } else if (token.group(1) != null) {
                if (!addNumber(token.group(1), monthWord, shape, values)) {
                    return null;
                }
                monthWord = false;
            } else if (token.group(2).equals("thang") || token.group(2).equals("thg")) {
                monthWord = true;
            } else if (!addWord(token.group(2), shape, values)) {
                return null;
            }
        }
        return monthWord || shape.length() > 6 ? null : shape.toString();
    }

    private static boolean addNumber(String digits, boolean month, StringBuilder shape, List<Integer> values) {
        if (digits.length() > 4 || digits.length() == 3) {
            return false;
        }
        shape.append(month ? 'M' : digits.length() == 4 ? 'Y' : 'N');
        return values.add(Integer.parseInt(digits));
    }

    private static boolean addWord(String word, StringBuilder shape, List<Integer> values) {
        int last = shape.length() - 1;
        char before = last < 0 ? ' ' : shape.charAt(last);
        int month = CalendarWords.month(word);
        if (month > 0) {
            shape.append('M');
            return values.add(month);
        }
        if (before == 'N' && (word.equals("月") || word.equals("월"))) {
            shape.setCharAt(last, 'M');
            return true;
        }
        boolean year = before == 'Y' && (word.equals("年") || word.equals("년"));
        return year
                || (before == 'N' && ORDINALS.contains(word))
                || JOINING_WORDS.contains(word)
                || CalendarWords.isDayOfWeek(word);
    }
}
