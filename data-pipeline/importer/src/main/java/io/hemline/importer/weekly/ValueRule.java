package io.hemline.importer.weekly;

/**
 * How the values of a table become the value of a week, where no option says so.
 *
 * <p>Immutable.
 *
 * @param aggregation of the values
 * @param reason such as {@code whole numbers}
 */
record ValueRule(Aggregation aggregation, String reason) {

    private static final double INDEX_MAX = 100;

    /** An index is averaged, also one that the values alone show; counts are summed; all else is averaged. */
    static ValueRule of(PointColumns points, boolean renormalised) {
        if (renormalised) {
            return new ValueRule(Aggregation.MEAN, "an index that the source scales");
        }
        double max = 0;
        boolean whole = true;
        for (int point = 0; point < points.size(); point++) {
            double value = points.value(point);
            max = Math.max(max, value);
            whole &= value == Math.rint(value);
        }
        if (max == INDEX_MAX) {
            return new ValueRule(Aggregation.MEAN, "an index of 0 to 100");
        }
        return whole
                ? new ValueRule(Aggregation.SUM, "whole numbers")
                : new ValueRule(Aggregation.MEAN, "not whole numbers");
    }

    @Override
    public String toString() {
        return (aggregation == Aggregation.SUM ? "sum" : "mean") + " (" + reason + ")";
    }
}
