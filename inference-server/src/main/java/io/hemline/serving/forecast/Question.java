package io.hemline.serving.forecast;

/** One thing to forecast. Says nothing of who asks, so that equal questions are equal for everyone. */
public sealed interface Question permits TrendQuestion, SeriesQuestion, FeaturedQuestion {}
