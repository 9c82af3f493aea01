package io.hemline.serving.forecasts;

import io.hemline.serving.core.Series;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.JsonTokens;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a list of weekly values: numbers up to ±1e30, {@code null} = not observed. */
public final class WeeklyValues {

    private static final int FIRST_ALLOCATION = 128;

    private WeeklyValues() {}

    /** The values, {@code NaN} = not observed; {@code null} after a fault in their number. */
    static double @Nullable [] read(JsonTokens in, String parent, String name) throws IOException {
        String pointer = JsonPointer.member(parent, name);
        if (!in.isList(pointer, "a list of weekly values")) {
            return null;
        }
        double[] values = new double[FIRST_ALLOCATION];
        int count = 0;
        while (in.nextElement()) {
            if (count >= Series.MAX_WEEKS) {
                in.skip();
                count++;
                continue;
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.min(2 * count, Series.MAX_WEEKS));
            }
            values[count] = in.weeklyValue(pointer, count);
            count++;
        }
        if (count < 1 || count > Series.MAX_WEEKS) {
            in.faults().add(pointer, "1 to " + Series.MAX_WEEKS + " weekly values, not " + count);
            return null;
        }
        return Arrays.copyOf(values, count);
    }

    /** Whether at least one week was observed. */
    static boolean anyObserved(double[] values) {
        for (double value : values) {
            if (!Double.isNaN(value)) {
                return true;
            }
        }
        return false;
    }
}
