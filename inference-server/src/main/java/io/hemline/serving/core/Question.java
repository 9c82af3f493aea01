package io.hemline.serving.core;

/** One thing to forecast. Says nothing of who asks, so that equal questions are equal for everyone. */
public sealed interface Question permits TrendQuestion, SeriesQuestion, FeaturedQuestion {}
