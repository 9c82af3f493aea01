package io.hemline.importer.weekly;

import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.Place;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The points of a table in the order of the file, as parallel arrays: a million points take 28 MB, and 70 MB while the
 * arrays grow.
 *
 * <p>Confined to one thread.
 */
final class PointColumns {

    private static final int FIRST_CAPACITY = 64;

    private final String table;
    private final BitSet partial = new BitSet();
    private int[] series = new int[FIRST_CAPACITY];
    private int[] day = new int[FIRST_CAPACITY];
    private int[] row = new int[FIRST_CAPACITY];
    private int[] column = new int[FIRST_CAPACITY];
    private double[] value = new double[FIRST_CAPACITY];
    private Unit[] unit = new Unit[FIRST_CAPACITY];
    private int size;

    PointColumns(String table) {
        this.table = table;
    }

    /** Adds a point of the series with a number counted from 0, on a day counted from 1970-01-01. */
    void add(int seriesNumber, int epochDay, Unit dayUnit, boolean isPartial, double pointValue, Place place) {
        if (size == series.length) {
            grow();
        }
        series[size] = seriesNumber;
        day[size] = epochDay;
        row[size] = place.row();
        column[size] = place.column();
        value[size] = pointValue;
        unit[size] = dayUnit;
        if (isPartial) {
            partial.set(size);
        }
        size++;
    }

    int size() {
        return size;
    }

    int day(int point) {
        return day[point];
    }

    Unit unit(int point) {
        return unit[point];
    }

    boolean partial(int point) {
        return partial.get(point);
    }

    double value(int point) {
        return value[point];
    }

    void setValue(int point, double sum) {
        value[point] = sum;
    }

    Place place(int point) {
        return new Place(table, row[point], column[point]);
    }

    int row(int point) {
        return row[point];
    }

    /** The points of each series, in the order of the file. */
    Groups bySeries(int seriesCount) {
        int[] starts = new int[seriesCount + 1];
        for (int point = 0; point < size; point++) {
            starts[series[point] + 1]++;
        }
        for (int i = 0; i < seriesCount; i++) {
            starts[i + 1] += starts[i];
        }
        int[] next = Arrays.copyOf(starts, seriesCount);
        int[] order = new int[size];
        for (int point = 0; point < size; point++) {
            order[next[series[point]]++] = point;
        }
        return new Groups(starts, order);
    }

    private void grow() {
        int capacity = Math.addExact(size, size >> 1);
        series = Arrays.copyOf(series, capacity);
        day = Arrays.copyOf(day, capacity);
        row = Arrays.copyOf(row, capacity);
        column = Arrays.copyOf(column, capacity);
        value = Arrays.copyOf(value, capacity);
        unit = Arrays.copyOf(unit, capacity);
    }

    /**
     * Points by series.
     *
     * <p>Immutable by convention: arrays are never written.
     */
    static final class Groups {

        private final int[] starts;
        private final int[] order;

        Groups(int[] starts, int[] order) {
            this.starts = starts;
            this.order = order;
        }

        /** The number of points of a series. */
        int size(int seriesNumber) {
            return starts[seriesNumber + 1] - starts[seriesNumber];
        }

        /** The point of a series at a position in the order of the file. */
        int point(int seriesNumber, int position) {
            return order[starts[seriesNumber] + position];
        }
    }
}
