package io.hemline.importer.parse;

import io.hemline.importer.report.ImportException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the texts of a column say about its form of dates: how many of them each style reads.
 *
 * <p>Confined to one thread.
 */
public final class DateEvidence {

    private static final int MAX_REMEMBERED = 16_384;

    /** Differences of evenness below this are chance. */
    private static final double CLEAR = 0.1;

    private static final Set<Integer> DIGITS_OF_DATES = Set.of(4, 5, 8, 9, 10, 12, 13);
    private static final Seen NOTHING = new Seen(List.of(), 0, false, false);

    private final Map<DateStyle, Tally> tallies = new EnumMap<>(DateStyle.class);
    private final TimesOfDay times = new TimesOfDay();
    private final Map<String, Seen> remembered = new HashMap<>();
    private String lastText = "";
    private Seen last = NOTHING;
    private long seen;
    private boolean exchangeable;

    /** The texts that one style reads. Confined to one thread. */
    private static final class Tally {

        private final Spacing spacing = new Spacing();
        private long texts;
    }

    /** A text: the styles that read it, and its time. */
    private record Seen(List<Tally> styles, int secondOfDay, boolean zoned, boolean timed) {}

    /** Begins without evidence. */
    public DateEvidence() {}

    /** Takes the text of a cell as evidence; a blank one is none. */
    public void see(String text) {
        if (text.isBlank()) {
            return;
        }
        seen++;
        if (!text.equals(lastText)) {
            last = look(text);
            lastText = text;
        }
        for (Tally style : last.styles) {
            style.texts++;
        }
        if (last.timed) {
            times.see(last.secondOfDay, last.zoned);
        }
    }

    /**
     * Decides for the style that reads most texts. If that is so for day/month and month/day, the evenly spaced dates
     * win, then the custom of the market.
     *
     * @throws ImportException for a pattern that no date can be read with
     */
    public DateForm decide(DateHints hints) {
        Midnight midnight = times.decide();
        if (hints.pattern() != null) {
            DatePattern pattern = DatePattern.of(hints.pattern());
            return new DateForm(pattern::read, hints.pattern(), midnight, false);
        }
        DateStyle best = best();
        if (best != DateStyle.DAY_MONTH_YEAR || count(best) != count(DateStyle.MONTH_DAY_YEAR)) {
            return DateForm.of(best, midnight, false);
        }
        DateStyle even = moreEven();
        if (even != null || !exchangeable) {
            return DateForm.of(even == null ? DateStyle.DAY_MONTH_YEAR : even, midnight, false);
        }
        boolean monthFirst = "us".equalsIgnoreCase(hints.market());
        return DateForm.of(monthFirst ? DateStyle.MONTH_DAY_YEAR : DateStyle.DAY_MONTH_YEAR, midnight, true);
    }

    /** Share of the texts that the best style reads; 0 without texts. */
    public double share() {
        return seen == 0 ? 0 : (double) count(best()) / seen;
    }

    private Seen look(String text) {
        Reading iso = IsoDate.read(text);
        if (iso != null) {
            return new Seen(
                    List.of(tally(DateStyle.YEAR_MONTH_DAY)), iso.secondOfDay(), iso.zoned(), text.length() > 10);
        }
        if (text.length() > DateText.MAX_LENGTH || isOtherNumber(text)) {
            return NOTHING;
        }
        Seen known = remembered.get(text);
        if (known != null) {
            return known;
        }
        Seen looked = lookClosely(text);
        if (remembered.size() == MAX_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(text, looked);
        return looked;
    }

    private Seen lookClosely(String text) {
        DateText split = DateText.of(text);
        if (split == null) {
            return NOTHING;
        }
        List<Tally> styles = new ArrayList<>();
        Reading any = null;
        for (DateStyle style : DateStyle.values()) {
            Reading reading = style.read(split);
            if (reading != null) {
                styles.add(tally(style));
                spacing(style).see(reading.date());
                exchangeable |= style == DateStyle.MONTH_DAY_YEAR && any != null && !any.equals(reading);
                any = reading;
            }
        }
        if (any == null) {
            return new Seen(List.of(), split.secondOfDay(), split.zoned(), split.timed());
        }
        return new Seen(styles, any.secondOfDay(), any.zoned(), split.timed() || any.zoned());
    }

    /** Whether a text is a number that no style reads, as most cells beside the dates are. */
    private static boolean isOtherNumber(String text) {
        boolean fraction = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean mark = character == '.' || character == ',';
            if ((fraction && mark) || (!mark && (character < '0' || character > '9'))) {
                return false;
            }
            fraction |= mark;
        }
        return fraction ? !text.endsWith(".0") : !DIGITS_OF_DATES.contains(text.length());
    }

    private DateStyle best() {
        DateStyle best = DateStyle.YEAR_MONTH_DAY;
        for (DateStyle style : DateStyle.values()) {
            best = count(style) > count(best) ? style : best;
        }
        return best;
    }

    private long count(DateStyle style) {
        Tally tally = tallies.get(style);
        long count = tally == null ? 0 : tally.texts;
        if (!style.looksLikeCounts()) {
            return count;
        }
        return count == seen && spacing(style).evenness() >= 0.5 ? count : 0;
    }

    /** The order of day and month whose dates are clearly more even; null if none is. */
    private @Nullable DateStyle moreEven() {
        Spacing dayFirst = spacing(DateStyle.DAY_MONTH_YEAR);
        Spacing monthFirst = spacing(DateStyle.MONTH_DAY_YEAR);
        double difference = dayFirst.evenness() - monthFirst.evenness();
        if (Math.abs(difference) < CLEAR) {
            difference = dayFirst.order() - monthFirst.order();
        }
        if (Math.abs(difference) < CLEAR) {
            return null;
        }
        return difference > 0 ? DateStyle.DAY_MONTH_YEAR : DateStyle.MONTH_DAY_YEAR;
    }

    private Spacing spacing(DateStyle style) {
        return tally(style).spacing;
    }

    private Tally tally(DateStyle style) {
        return tallies.computeIfAbsent(style, unused -> new Tally());
    }
}
