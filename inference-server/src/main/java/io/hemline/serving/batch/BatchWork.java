package io.hemline.serving.batch;

import java.util.List;

/** What one worker does with a batch. Each worker has its own, so it may keep buffers between calls. */
@FunctionalInterface
public interface BatchWork<I, O> {

    /**
     * Runs the batch.
     *
     * @return one result for each row, in order
     */
    List<O> run(List<I> rows) throws Exception;
}
