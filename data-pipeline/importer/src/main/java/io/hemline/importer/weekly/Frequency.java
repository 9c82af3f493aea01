package io.hemline.importer.weekly;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The usual distance between the dates of a series. */
enum Frequency {
    DAILY("days"),
    WEEKLY("weeks"),
    MONTHLY("months"),
    QUARTERLY("quarters"),
    YEARLY("years"),
    IRREGULAR("not at regular distances");

    private static final double MOST = 0.8;

    private final String words;

    Frequency(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** The frequency of the dates of all series; null if no series has two. */
    static @Nullable Frequency of(Collection<PointList> series) {
        Map<Frequency, Long> counts = new EnumMap<>(Frequency.class);
        long gaps = 0;
        for (PointList points : series) {
            int[] days = new int[points.size()];
            for (int i = 0; i < days.length; i++) {
                days[i] = points.day(i);
            }
            Arrays.sort(days);
            for (int i = 1; i < days.length; i++) {
                int gap = days[i] - days[i - 1];
                if (gap > 0) {
                    counts.merge(of(gap), 1L, Long::sum);
                    gaps++;
                }
            }
        }
        if (gaps == 0) {
            return null;
        }
        for (Frequency frequency : values()) {
            if (counts.getOrDefault(frequency, 0L) >= MOST * gaps) {
                return frequency;
            }
        }
        // Sparse daily data have gaps of any length, also of a week.
        return counts.getOrDefault(DAILY, 0L) >= 0.3 * gaps ? DAILY : IRREGULAR;
    }

    private static Frequency of(int gap) {
        if (gap <= 4) {
            return DAILY;
        }
        if (gap % 7 == 0) {
            return WEEKLY;
        }
        if (gap >= 28 && gap <= 31) {
            return MONTHLY;
        }
        if (gap >= 89 && gap <= 92) {
            return QUARTERLY;
        }
        return gap == 365 || gap == 366 ? YEARLY : IRREGULAR;
    }
}
