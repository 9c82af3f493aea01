package io.hemline.importer.parse;

import io.hemline.importer.parse.DateText.Shape;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Collects how the dates of a table are written.
 *
 * <p>Confined to one thread.
 */
public final class DateEvidence {

    private static final int DISTINCT = 20_000;

    /** The distinct texts, null for those that are no date. */
    private final Map<String, @Nullable DateText> seen = new LinkedHashMap<>();

    private String last = "";
    private long texts;
    private long dates;
    private boolean lastIsDate;

    public DateEvidence() {}

    /** Whether a text names a date in some form; a bare number does only as {@code yyyymmdd}. */
    public static boolean isDate(String text) {
        String clean = text.strip();
        boolean digits = clean.chars().allMatch(c -> Character.isDigit(c) || c == '.' || c == ',');
        return (!digits || clean.indexOf('.') > 0 || clean.length() == 8) && DateText.of(clean) != null;
    }

    /** Takes the text of a date into account. */
    public void see(String text) {
        texts++;
        if (!text.equals(last)) {
            last = text;
            DateText date = seen.containsKey(text) ? seen.get(text) : DateText.of(text);
            lastIsDate = date != null;
            if (seen.size() < DISTINCT) {
                seen.put(text, date);
            }
        }
        dates += lastIsDate ? 1 : 0;
    }

    /** The share of the texts seen that name a date. */
    public double share() {
        return texts == 0 ? 0 : (double) dates / texts;
    }

    /**
     * The form of the dates: the shape of most of them, and which of day and month comes first.
     *
     * @throws io.hemline.importer.report.ImportException for a pattern that cannot be used
     */
    public DateForm decide(DateHints hints) {
        if (hints.pattern() != null) {
            return DateForm.ofPattern(hints.pattern());
        }
        List<DateText> found = seen.values().stream().filter(Objects::nonNull).toList();
        Map<Shape, Integer> shapes = new EnumMap<>(Shape.class);
        found.forEach(date -> shapes.merge(date.shape(), 1, Integer::sum));
        Shape shape = shapes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(Shape.YEAR_FIRST);
        Order order = order(found, hints);
        return new DateForm(shape, order.dayFirst, order.guessed, isShifted(found));
    }

    private record Order(boolean dayFirst, boolean guessed) {}

    private static Order order(List<DateText> found, DateHints hints) {
        List<DateText> open = found.stream()
                .filter(date -> !Objects.equals(date.dayFirst(), date.monthFirst()))
                .toList();
        if (open.isEmpty()) {
            return new Order(true, false);
        }
        long dayFirst = open.stream().filter(date -> date.monthFirst() == null).count();
        long monthFirst = open.stream().filter(date -> date.dayFirst() == null).count();
        if (dayFirst != monthFirst) {
            return new Order(dayFirst > monthFirst, false);
        }
        double evenByDay = evenness(found, DateText::dayFirst);
        double evenByMonth = evenness(found, DateText::monthFirst);
        if (evenByDay != evenByMonth) {
            return new Order(evenByDay > evenByMonth, false);
        }
        return new Order(!"us".equals(hints.market()), true);
    }

    /** The share of the most frequent distance between neighbouring dates. */
    private static double evenness(List<DateText> found, Function<DateText, @Nullable LocalDate> reading) {
        List<LocalDate> days = found.stream()
                .map(reading)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
        Map<Long, Integer> distances = new HashMap<>();
        for (int i = 1; i < days.size(); i++) {
            distances.merge(days.get(i).toEpochDay() - days.get(i - 1).toEpochDay(), 1, Integer::sum);
        }
        Collection<Integer> counts = distances.values();
        return counts.stream().max(Integer::compare).orElse(0) / (double) Math.max(1, days.size() - 1);
    }

    /** Whether the times are midnights of a zone with daylight saving time, seen from another zone. */
    private static boolean isShifted(List<DateText> found) {
        Set<LocalTime> times =
                found.stream().map(DateText::time).filter(Objects::nonNull).collect(Collectors.toSet());
        return !times.isEmpty()
                && times.size() <= 2
                && times.stream().allMatch(DateForm::isNearMidnight)
                && times.stream().anyMatch(time -> !time.equals(LocalTime.MIDNIGHT));
    }
}
