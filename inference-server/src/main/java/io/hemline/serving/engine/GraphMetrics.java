package io.hemline.serving.engine;

import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.core.ModelStatistics;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts what one graph is asked and what it runs, whoever asks.
 *
 * <p>Thread-safe: adders, a concurrent map and one volatile time.
 */
public final class GraphMetrics {

    private final LongSupplier nanoTime;
    private final LongSupplier epochMillis;
    private final Sum success = new Sum();
    private final Sum fail = new Sum();
    private final Sum queue = new Sum();
    private final RunListener waits = (queuedNanos, startNanos, endNanos) -> queue.add(startNanos - queuedNanos);
    private final ConcurrentSkipListMap<Integer, Runs> batches = new ConcurrentSkipListMap<>();
    private volatile long lastMillis;

    GraphMetrics(LongSupplier nanoTime, LongSupplier epochMillis) {
        this.nanoTime = nanoTime;
        this.epochMillis = epochMillis;
    }

    /** On the clocks of this process. */
    static GraphMetrics ofThisProcess() {
        return new GraphMetrics(System::nanoTime, System::currentTimeMillis);
    }

    /** The request, counted when it is answered. {@code since} is when it was made. */
    <T> Future<T> request(long since, Future<T> answer) {
        return answer.onComplete(done -> (done.succeeded() ? success : fail).add(nanoTime.getAsLong() - since));
    }

    /** Now, for {@link #request}. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** The watch, and what a request waited, once for each batch that it is part of. */
    RunListener queued(RunListener watch) {
        return watch == RunListener.NONE
                ? waits
                : (queuedNanos, startNanos, endNanos) -> {
                    waits.ran(queuedNanos, startNanos, endNanos);
                    watch.ran(queuedNanos, startNanos, endNanos);
                };
    }

    /** The work, with every batch counted that it runs without failing. It marks the parts of a run on the clock. */
    <I, O> BatchWork<I, O> batches(BatchWork<I, O> work, RunTimes clock) {
        return rows -> {
            clock.start();
            List<O> results = work.run(rows);
            clock.end();
            batches.computeIfAbsent(rows.size(), size -> new Runs()).add(clock);
            lastMillis = epochMillis.getAsLong();
            return results;
        };
    }

    /** All that was counted until now. */
    public ModelStatistics statistics(String model, String version) {
        return new ModelStatistics(
                model,
                version,
                lastMillis,
                success.total(),
                fail.total(),
                queue.total(),
                batches.entrySet().stream()
                        .map(batch -> batch.getValue().total(batch.getKey()))
                        .toList());
    }

    /** The runs of one size. */
    private static final class Runs {

        private final Sum input = new Sum();
        private final Sum infer = new Sum();
        private final Sum output = new Sum();

        void add(RunTimes clock) {
            input.add(clock.inputNanos());
            infer.add(clock.inferNanos());
            output.add(clock.outputNanos());
        }

        ModelStatistics.Batch total(int rows) {
            return new ModelStatistics.Batch(rows, input.total(), infer.total(), output.total());
        }
    }

    /** A count and a duration, which may be one request apart while both are being added to. */
    private static final class Sum {

        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        void add(long more) {
            count.increment();
            nanos.add(more);
        }

        ModelStatistics.Total total() {
            return new ModelStatistics.Total(count.sum(), nanos.sum());
        }
    }
}
