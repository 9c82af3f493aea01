package io.hemline.importer.weekly;

import io.hemline.importer.layout.Point;
import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.layout.SourceTraits;
import io.hemline.importer.layout.WeekLabel;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Turns the points of one table into weekly series. Each point ends in the ledger once: kept, merged or refused.
 *
 * <p>Confined to one thread.
 */
public final class WeeklyTable {

    private static final LocalDate FIRST_DAY = LocalDate.EPOCH;
    private static final double FEW = 0.2;

    private final String table;
    private final SourceTraits traits;
    private final WeeklyOptions options;
    private final Ledger ledger;
    private final Map<SeriesName, PointList> series = new LinkedHashMap<>();
    private final Map<Unit, Long> units = new EnumMap<>(Unit.class);
    private final Map<DayOfWeek, Long> weekdays = new EnumMap<>(DayOfWeek.class);
    private final Map<Unit, Point> examples = new EnumMap<>(Unit.class);
    private long refusedUnits;

    public WeeklyTable(String table, SourceTraits traits, WeeklyOptions options, Ledger ledger) {
        this.table = table;
        this.traits = traits;
        this.options = options;
        this.ledger = ledger;
    }

    /** Adds a value in file order. */
    public void add(Point point) {
        Unit unit = point.period().unit();
        units.merge(unit, 1L, Long::sum);
        examples.putIfAbsent(unit, point);
        LocalDate start = point.period().start();
        if (unit != Unit.DAY && unit != Unit.WEEK) {
            refusedUnits++;
            ledger.refuse(Rule.NOT_A_DATE, point.place(), "a time or a period of another length: " + start);
        } else if (start.isBefore(FIRST_DAY)) {
            ledger.refuse(Rule.BEFORE_1970, point.place(), start.toString());
        } else if (start.isAfter(options.today())) {
            ledger.refuse(Rule.IN_THE_FUTURE, point.place(), start.toString());
        } else if (point.partial()) {
            ledger.refuse(Rule.PARTIAL_WEEK, point.place(), start.toString());
        } else {
            weekdays.merge(start.getDayOfWeek(), 1L, Long::sum);
            series.computeIfAbsent(point.series(), unused -> new PointList()).add(point);
        }
    }

    /** The series, in the order of their first values. */
    public List<WeeklySeries> finish() {
        requireDaysOrWeeks();
        Frequency frequency = Frequency.of(series.values());
        if (frequency == null) {
            frequency = Frequency.WEEKLY;
            if (!series.isEmpty() && !units.containsKey(Unit.WEEK)) {
                ledger.guess(table, "weeks", "a single date is taken for a week", "");
            }
        }
        List<WeeklySeries> found = new ArrayList<>();
        switch (frequency) {
            case WEEKLY -> {
                Weeks weeks = units.containsKey(Unit.WEEK) && !units.containsKey(Unit.DAY)
                        ? new Weeks(WeekLabel.FIRST_DAY, null)
                        : new Weeks(traits.weekLabel(), options.weekStarts());
                tellWeeks(weeks);
                WeeklyPoints points = new WeeklyPoints(table, weeks, options.today(), ledger);
                series.forEach((name, list) -> points.add(name, list, traits.renormalised(), found));
            }
            case DAILY -> {
                DailyPoints points = new DailyPoints(table, series.values(), traits, options, ledger);
                series.forEach((name, list) -> points.add(name, list, found));
            }
            default ->
                throw new ImportException(
                        table + ": the dates are " + frequency.words() + "; weekly or daily data are needed");
        }
        return found;
    }

    private void requireDaysOrWeeks() {
        long all = units.values().stream().mapToLong(Long::longValue).sum();
        if (all > 0 && refusedUnits >= FEW * all) {
            Unit unit = units.entrySet().stream()
                    .filter(entry -> entry.getKey() != Unit.DAY && entry.getKey() != Unit.WEEK)
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            String words = switch (unit) {
                case HOUR -> "hours";
                case MONTH -> "months";
                case QUARTER -> "quarters";
                default -> "years";
            };
            Point example = Objects.requireNonNull(examples.get(unit));
            throw new ImportException(table + ": the dates are " + words + ", such as "
                    + example.period().start() + " in row " + example.place().row()
                    + "; weekly or daily data are needed");
        }
    }

    private void tellWeeks(Weeks weeks) {
        DayOfWeek usual = weekdays.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(DayOfWeek.MONDAY);
        LocalDate example = FIRST_DAY.with(TemporalAdjusters.next(usual));
        DayOfWeek first = weeks.start(example).getDayOfWeek();
        String dates = "dates are " + word(usual) + "s, ";
        String begin = "weeks begin on " + word(first);
        String moved = first == DayOfWeek.MONDAY
                ? ""
                : first.getValue() <= DayOfWeek.THURSDAY.getValue()
                        ? "; each becomes the week of the Monday before"
                        : "; each becomes the week of the next Monday";
        ledger.guess(table, "weeks", dates + begin + moved, "--week-starts");
        if (weekdays.size() > 1) {
            ledger.guess(
                    table, "weeks", "the dates fall on " + weekdays.size() + " different weekdays", "--week-starts");
        }
    }

    private static String word(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }
}
