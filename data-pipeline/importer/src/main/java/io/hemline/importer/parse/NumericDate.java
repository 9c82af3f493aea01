package io.hemline.importer.parse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates of three numbers between equal marks, and ranges of two such dates. */
final class NumericDate {

    private static final Pattern DATE =
            Pattern.compile("(\\d{4}|\\d{1,2}) ?([-/.]) ?(\\d{1,2}) ?\\2 ?(\\d{4}|\\d{1,2})\\.?");
    private static final Pattern BETWEEN = Pattern.compile(
            " ?[–—~] ?| (?:-|to|bis|until|au|al) |\\.\\.|/(?=\\d{4}-)|(?<=\\d{4})-(?=\\d{1,2}[./]|\\d{4}[./])");

    /** The order of the numbers. */
    enum Order {
        YEAR_MONTH_DAY,
        DAY_MONTH_YEAR,
        MONTH_DAY_YEAR
    }

    private NumericDate() {}

    /** Reads a date, or a range of seven days. */
    static @Nullable Reading read(String text, Order order) {
        Reading single = single(text, order);
        if (single != null) {
            return single;
        }
        String[] ends = BETWEEN.split(text, -1);
        return ends.length == 2 ? Reading.range(single(ends[0], order), single(ends[1], order)) : null;
    }

    private static @Nullable Reading single(String text, Order order) {
        Matcher date = DATE.matcher(text);
        if (!date.matches()) {
            return null;
        }
        String first = date.group(1);
        int middle = Integer.parseInt(date.group(3));
        String last = date.group(4);
        if (order == Order.YEAR_MONTH_DAY) {
            return first.length() == 4 && last.length() <= 2
                    ? Reading.day(Integer.parseInt(first), middle, Integer.parseInt(last))
                    : null;
        }
        if (first.length() > 2 || last.length() == 1) {
            return null;
        }
        int number = Integer.parseInt(last);
        int year = last.length() == 4 ? number : Reading.fullYear(number);
        int outer = Integer.parseInt(first);
        return order == Order.DAY_MONTH_YEAR ? Reading.day(year, middle, outer) : Reading.day(year, outer, middle);
    }
}
