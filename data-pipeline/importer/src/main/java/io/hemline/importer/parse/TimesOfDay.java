package io.hemline.importer.parse;

import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The times of the day in a column of dates.
 *
 * <p>Confined to one thread.
 */
final class TimesOfDay {

    /** Fewer times in UTC than this say nothing about midnights far away. */
    private static final int ENOUGH = 3;

    private final BitSet seconds = new BitSet();
    private long seen;
    private boolean allZoned = true;

    void see(int secondOfDay, boolean zoned) {
        if (!Midnight.isPlainDay(secondOfDay) || zoned) {
            seen++;
            seconds.set(Midnight.isPlainDay(secondOfDay) ? 0 : secondOfDay);
            allZoned &= zoned;
        } else {
            seconds.set(0);
        }
    }

    /**
     * Decides which times stand for a midnight: the only time of the column or two that lie an hour apart, as daylight
     * saving time makes them. Times without zone do so only within two hours of midnight, for they are local already.
     */
    Midnight decide() {
        Set<Integer> times = seconds.stream().limit(3).boxed().collect(Collectors.toUnmodifiableSet());
        if (times.equals(Set.of(0)) || times.isEmpty() || times.size() > 2) {
            return Midnight.AS_WRITTEN;
        }
        int first = seconds.nextSetBit(0);
        int last = seconds.length() - 1;
        int apart = Math.min(last - first, first + 24 * Midnight.HOUR - last);
        boolean oneHour = apart == 0 || apart == Midnight.HOUR;
        boolean wholeQuarters = first % 900 == 0 && last % 900 == 0;
        if (!oneHour || !wholeQuarters || (!isNearMidnight(times) && (!allZoned || seen < ENOUGH))) {
            return Midnight.AS_WRITTEN;
        }
        // 11:00 in UTC is midnight of the summer in New Zealand, 12:00 that of its winter.
        boolean newZealand = first == 11 * Midnight.HOUR && last <= 12 * Midnight.HOUR;
        return new Midnight(times, newZealand ? first : Midnight.AFTER_NOON);
    }

    private static boolean isNearMidnight(Set<Integer> times) {
        return times.stream()
                .allMatch(time -> time == 0 || Midnight.OF_ONE_DATE.times().contains(time));
    }
}
