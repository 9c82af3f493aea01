package io.hemline.importer.weekly;

import io.hemline.importer.layout.Point;
import io.hemline.importer.report.Place;
import java.util.Arrays;

/**
 * The points of one series in file order, in primitive arrays: a table may hold millions.
 *
 * <p>Confined to one thread.
 */
final class PointList {

    private int[] days = new int[16];
    private double[] values = new double[16];
    private int[] rows = new int[16];
    private int[] columns = new int[16];
    private int size;

    void add(Point point) {
        if (size == days.length) {
            days = Arrays.copyOf(days, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            rows = Arrays.copyOf(rows, 2 * size);
            columns = Arrays.copyOf(columns, 2 * size);
        }
        days[size] = (int) point.period().start().toEpochDay();
        values[size] = point.value();
        rows[size] = point.place().row();
        columns[size] = point.place().column();
        size++;
    }

    int size() {
        return size;
    }

    /** The day of a point, counted from 1970-01-01. */
    int day(int index) {
        return days[index];
    }

    double value(int index) {
        return values[index];
    }

    Place place(String table, int index) {
        return new Place(table, rows[index], columns[index]);
    }
}
