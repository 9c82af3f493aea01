package io.hemline.serving.core;

/** One series to forecast. It does not name the client, so that equal questions of different clients are equal. */
public sealed interface Question permits TrendQuestion, SeriesQuestion, FeaturedQuestion {}
