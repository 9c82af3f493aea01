package io.hemline.importer.weekly;

import static java.util.Objects.requireNonNull;

import io.hemline.importer.layout.Point;
import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.layout.SourceTraits;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the points of one table and makes weekly series of them. Each added point ends in the ledger as kept, merged
 * or refused.
 *
 * <p>Confined to one thread.
 */
public final class WeeklyTable {

    /** The share of rows with the series and date of another one, from which on they are parts and not corrections. */
    private static final double TRANSACTIONS = 0.2;

    private static final int FEWEST_TRANSACTIONS = 10;

    private final String table;
    private final SourceTraits traits;
    private final WeeklyOptions options;
    private final Ledger ledger;
    private final int today;
    private final Map<SeriesName, Integer> numbers = new LinkedHashMap<>();
    private final PointColumns points;
    private @Nullable SeriesName lastName;
    private int lastNumber;
    private long repeated;

    public WeeklyTable(String table, SourceTraits traits, WeeklyOptions options, Ledger ledger) {
        this.table = requireNonNull(table, "table");
        this.traits = requireNonNull(traits, "traits");
        this.options = requireNonNull(options, "options");
        this.ledger = requireNonNull(ledger, "ledger");
        this.today = Math.toIntExact(options.today().toEpochDay());
        this.points = new PointColumns(table);
    }

    /** Adds the next point in the order of the file. */
    public void add(Point point) {
        LocalDate start = point.period().start();
        int number = number(point.series());
        if (start.toEpochDay() < 0) {
            ledger.refuse(Rule.BEFORE_1970, point.place(), start.toString());
        } else if (start.toEpochDay() >= today + (long) WeekCalendar.WEEK_DAYS) {
            // A later date within seven days may be the last one of a week that has begun.
            ledger.refuse(Rule.IN_THE_FUTURE, point.place(), start.toString());
        } else {
            int day = Math.toIntExact(start.toEpochDay());
            points.add(number, day, point.period().unit(), point.partial(), point.value(), point.place());
        }
    }

    /**
     * The series in the order of their first points.
     *
     * @throws io.hemline.importer.report.ImportException if the data are neither daily nor weekly
     */
    public List<WeeklySeries> finish() {
        PointColumns.Groups groups = points.bySeries(numbers.size());
        TableDates dates = dates(groups);
        Frequency frequency = points.size() == 0 ? Frequency.WEEKLY : dates.frequency(table, advice());
        WeekCalendar calendar = calendar(dates, frequency);
        ValueRule rule = ValueRule.of(points, traits.renormalised());
        Aggregation aggregation = options.value() == null ? rule.aggregation() : options.value();
        boolean adds = aggregation == Aggregation.SUM
                && repeated >= Math.max(FEWEST_TRANSACTIONS, TRANSACTIONS * points.size());
        SeriesBuilder builder = new SeriesBuilder(points, frequency, aggregation, adds, dates, ledger);
        List<WeeklySeries> all = new ArrayList<>();
        numbers.forEach((name, number) -> {
            int size = groups.size(number);
            AdmittedPoints admitted = new AdmittedPoints(points, size, frequency, calendar, today, ledger);
            for (int i = 0; i < size; i++) {
                admitted.add(groups.point(number, i));
            }
            Place place = size == 0 ? new Place(table, 0, 0) : points.place(groups.point(number, 0));
            WeeklySeries series = builder.build(name, admitted, traits.renormalised(), place);
            if (series != null) {
                all.add(series);
            }
        });
        if (adds) {
            ledger.guess(table, "repeated dates", "added: many rows share series and date, as sales do", "--value");
        }
        if (builder.aggregated() && options.value() == null) {
            ledger.guess(table, "value of a week", rule.toString(), "--value");
        }
        return all;
    }

    private String advice() {
        return switch (traits.format()) {
            case GOOGLE_TRENDS, GOOGLE_TRENDS_LONG ->
                "weekly or daily data are needed; choose a range of one month to five years in Google Trends";
            default -> "weekly or daily data are needed";
        };
    }

    /** The name of a series for findings, such as {@code wideleg (vn)}. */
    static String text(SeriesName name) {
        return name.market() == null ? name.trend() : name.trend() + " (" + name.market() + ")";
    }

    static String day(int epochDay) {
        return LocalDate.ofEpochDay(epochDay).toString();
    }

    private int number(SeriesName name) {
        if (!name.equals(lastName)) {
            lastName = name;
            Integer known = numbers.putIfAbsent(name, numbers.size());
            lastNumber = known == null ? numbers.size() - 1 : known;
        }
        return lastNumber;
    }

    private TableDates dates(PointColumns.Groups groups) {
        TableDates dates = new TableDates();
        for (int point = 0; point < points.size(); point++) {
            dates.see(points.day(point), points.unit(point));
        }
        for (int number = 0; number < numbers.size(); number++) {
            long[] days = new long[groups.size(number)];
            for (int i = 0; i < days.length; i++) {
                int point = groups.point(number, i);
                days[i] = 2L * points.day(point) + (points.unit(point) == Unit.HOUR ? 1 : 0);
            }
            Arrays.sort(days);
            for (int i = 1; i < days.length; i++) {
                repeated += days[i] == days[i - 1] ? 1 : 0;
                dates.seeGap((int) ((days[i] >> 1) - (days[i - 1] >> 1)), (days[i] & 1) == 1);
            }
        }
        return dates;
    }

    private WeekCalendar calendar(TableDates dates, Frequency frequency) {
        DayOfWeek usual = dates.mostFrequentDay();
        WeekCalendar calendar = options.weekStarts() == null
                ? WeekCalendar.labelled(traits.weekLabel(), usual)
                : WeekCalendar.startingOn(options.weekStarts());
        if (points.size() == 0) {
            return calendar;
        }
        if (dates.haveTimes()) {
            ledger.guess(table, "times of the day", "ignored: there is at most one value a day", "");
        }
        ledger.guess(table, "frequency", frequencyText(dates, frequency), "");
        if (frequency == Frequency.WEEKLY && options.weekStarts() == null) {
            ledger.guess(table, "weeks", calendar.describe(usual, dates.areOnSeveralDays()), "--week-starts");
        }
        return calendar;
    }

    private static String frequencyText(TableDates dates, Frequency frequency) {
        if (frequency == Frequency.WEEKLY) {
            return dates.areSingle() && !dates.areNamedWeeks() ? "weekly (there is only one date)" : "weekly";
        }
        boolean[] fullWeek = dates.daysOfFullWeek();
        boolean saturday = fullWeek[WeekCalendar.SATURDAY];
        boolean sunday = fullWeek[WeekCalendar.SUNDAY];
        return saturday && sunday ? "daily" : saturday || sunday ? "daily, six days a week" : "daily, Monday to Friday";
    }
}
