package io.hemline.serving.lifecycle;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.engine.RunningGraphs;

/** Puts the steps of one version's nest together. */
@FunctionalInterface
public interface PathFactory {

    /** The nest over what computes. */
    Nest over(RunningGraphs graphs);

    /**
     * The steps of one version.
     *
     * @param outermost where a request enters
     * @param uncached where the background enters: the same steps below the cache
     * @param memory what the version remembers
     */
    record Nest(Forecaster outermost, Forecaster uncached, AnswerCache memory) {}
}
