package io.hemline.importer.parse;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongBiFunction;

/**
 * How evenly the distinct dates of a column are spaced, in days or in months.
 *
 * <p>Confined to one thread.
 */
final class Spacing {

    /** Dates beyond these change nothing. */
    private static final int MAX_DATES = 4096;

    private final Set<LocalDate> dates = new LinkedHashSet<>();

    void see(LocalDate date) {
        if (dates.size() < MAX_DATES) {
            dates.add(date);
        }
    }

    /** Share of the gaps that have the most frequent length; 1 for fewer than two gaps. */
    double evenness() {
        List<LocalDate> sorted = dates.stream().sorted().toList();
        double days = mostFrequent(sorted, (first, second) -> ChronoUnit.DAYS.between(first, second));
        double months = mostFrequent(sorted, Spacing::wholeMonths);
        return Math.max(days, months);
    }

    /** Share of the steps in the order of the file that go the way which most of them go; 1 for no step. */
    double order() {
        List<LocalDate> inFile = new ArrayList<>(dates);
        int later = 0;
        for (int i = 1; i < inFile.size(); i++) {
            later += inFile.get(i).isAfter(inFile.get(i - 1)) ? 1 : 0;
        }
        int steps = inFile.size() - 1;
        return steps <= 0 ? 1 : (double) Math.max(later, steps - later) / steps;
    }

    /** Between the same days of two months, else -1. */
    private static long wholeMonths(LocalDate first, LocalDate second) {
        return first.getDayOfMonth() == second.getDayOfMonth() ? ChronoUnit.MONTHS.between(first, second) : -1;
    }

    private static double mostFrequent(List<LocalDate> sorted, ToLongBiFunction<LocalDate, LocalDate> gap) {
        Map<Long, Integer> counts = new HashMap<>();
        for (int i = 1; i < sorted.size(); i++) {
            long length = gap.applyAsLong(sorted.get(i - 1), sorted.get(i));
            if (length >= 0) {
                counts.merge(length, 1, Integer::sum);
            }
        }
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return sorted.size() < 3 ? 1 : (double) most / (sorted.size() - 1);
    }
}
