package io.hemline.serving.core;

/** The class that a model gives a trend, where its quantiles support it. */
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

    /** The word in responses. */
    public String word() {
        return word;
    }
}
