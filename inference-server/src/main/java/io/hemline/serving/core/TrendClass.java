package io.hemline.serving.core;

/** What a model calls a trend, where its quantiles support the call. */
public enum TrendClass {
    FALLING("falling"),
    STABLE("stable"),
    RISING("rising");

    private final String word;

    TrendClass(String word) {
        this.word = word;
    }

    /** The class of the graph's output: −1 falling, 0 stable, 1 rising. */
    public static TrendClass ofSign(long sign) {
        if (sign < 0) {
            return FALLING;
        }
        return sign > 0 ? RISING : STABLE;
    }

    /** The word that stands in answers. */
    public String word() {
        return word;
    }
}
