package io.hemline.serving.model;

import io.hemline.serving.forecast.Forecaster;
import io.hemline.serving.forecast.Memory;

/** Puts the steps of one version's nest together. */
@FunctionalInterface
public interface Steps {

    /** The nest over what computes. */
    Nest over(RunningGraphs graphs);

    /**
     * The steps of one version.
     *
     * @param outermost where a request enters
     * @param uncached where the background enters: the same steps below the cache
     * @param memory what the version remembers
     */
    record Nest(Forecaster outermost, Forecaster uncached, Memory memory) {}
}
