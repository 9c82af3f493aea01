package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Weekly values, oldest first, {@code NaN} = not observed. All arrays have the same length, 1 to 520 weeks.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param lastWeek the Monday that begins the last week
 * @param volume posts and pins per 10,000 seen, or any measure of a client's own
 * @param influencerShare 0..1 of the volume from accounts over 100,000 followers
 * @param sentiment −1..1
 * @param engagement interactions per post
 */
public record Series(
        LocalDate lastWeek,
        double[] volume,
        double @Nullable [] influencerShare,
        double @Nullable [] sentiment,
        double @Nullable [] engagement) {

    /** The most weeks of a client's series, ten years. */
    public static final int MAX_WEEKS = 520;

    /** The largest value of a week, either way. */
    public static final double MAX_VALUE = 1e30;

    public Series {
        requireNonNull(lastWeek, "lastWeek");
        if (volume.length < 1 || volume.length > MAX_WEEKS) {
            throw new IllegalArgumentException("volume: 1 to " + MAX_WEEKS + " weeks, not " + volume.length);
        }
        if (lastWeek.getDayOfWeek() != DayOfWeek.MONDAY) {
            throw new IllegalArgumentException("lastWeek: a Monday, not " + lastWeek);
        }
        requireSameLength("influencerShare", influencerShare, volume);
        requireSameLength("sentiment", sentiment, volume);
        requireSameLength("engagement", engagement, volume);
    }

    /** A series of volumes alone. */
    public static Series of(LocalDate lastWeek, double... volume) {
        return new Series(lastWeek, volume, null, null, null);
    }

    /** The number of weeks, observed or not. */
    public int weeks() {
        return volume.length;
    }

    /** The number of weeks whose volume was observed. */
    public int observedWeeks() {
        int observed = 0;
        for (double value : volume) {
            observed += Double.isNaN(value) ? 0 : 1;
        }
        return observed;
    }

    /** The mean of the volumes observed among the last {@code weeks} calendar weeks, {@code NaN} if there is none. */
    public double recentMean(int weeks) {
        double sum = 0;
        int observed = 0;
        for (int week = Math.max(0, volume.length - weeks); week < volume.length; week++) {
            if (!Double.isNaN(volume[week])) {
                sum += volume[week];
                observed++;
            }
        }
        return observed == 0 ? Double.NaN : sum / observed;
    }

    private static void requireSameLength(String name, double @Nullable [] values, double[] volume) {
        if (values != null && values.length != volume.length) {
            throw new IllegalArgumentException(
                    name + ": as long as the volume, " + volume.length + " weeks, not " + values.length);
        }
    }
}
