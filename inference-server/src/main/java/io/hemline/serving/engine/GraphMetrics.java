package io.hemline.serving.engine;

import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.tensors.ModelStatistics;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts the requests and batches of one graph, of forecasts and of tensors alike.
 *
 * <p>Thread-safe: adders, a concurrent map and one volatile time.
 */
public final class GraphMetrics {

    private final LongSupplier nanoTime;
    private final LongSupplier epochMillis;
    private final Timings success = new Timings();
    private final Timings failure = new Timings();
    private final Timings queue = new Timings();
    private final RunListener queueTimes = (queuedNanos, startNanos, endNanos) -> queue.add(startNanos - queuedNanos);
    private final ConcurrentSkipListMap<Integer, BatchTimings> batches = new ConcurrentSkipListMap<>();
    private volatile long lastRunMillis;

    GraphMetrics(LongSupplier nanoTime, LongSupplier epochMillis) {
        this.nanoTime = nanoTime;
        this.epochMillis = epochMillis;
    }

    /** With the system's clocks. */
    static GraphMetrics create() {
        return new GraphMetrics(System::nanoTime, System::currentTimeMillis);
    }

    /** Counts the request when it completes; {@code startNanos} is the {@link #now} of its start. */
    <T> Future<T> counted(long startNanos, Future<T> answer) {
        return answer.onComplete(done -> (done.succeeded() ? success : failure).add(nanoTime.getAsLong() - startNanos));
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /**
     * A listener that counts a request's time in the queue, once for each of its batches, and then calls {@code next}.
     */
    RunListener listener(RunListener next) {
        return next == RunListener.NONE
                ? queueTimes
                : (queuedNanos, startNanos, endNanos) -> {
                    queueTimes.ran(queuedNanos, startNanos, endNanos);
                    next.ran(queuedNanos, startNanos, endNanos);
                };
    }

    /** Counts the batches that the work runs successfully; the work marks the phases of each run on the timer. */
    <I, O> BatchWork<I, O> timed(BatchWork<I, O> work, RunTimer timer) {
        return rows -> {
            timer.start();
            List<O> results = work.run(rows);
            timer.end();
            batches.computeIfAbsent(rows.size(), size -> new BatchTimings()).add(timer);
            lastRunMillis = epochMillis.getAsLong();
            return results;
        };
    }

    public ModelStatistics statistics(String model, String version) {
        return new ModelStatistics(
                model,
                version,
                lastRunMillis,
                success.total(),
                failure.total(),
                queue.total(),
                batches.entrySet().stream()
                        .map(batch -> batch.getValue().total(batch.getKey()))
                        .toList());
    }

    /** Phase times of the batches of one size. */
    private static final class BatchTimings {

        private final Timings input = new Timings();
        private final Timings infer = new Timings();
        private final Timings output = new Timings();

        void add(RunTimer timer) {
            input.add(timer.inputNanos());
            infer.add(timer.inferNanos());
            output.add(timer.outputNanos());
        }

        ModelStatistics.Batch total(int rows) {
            return new ModelStatistics.Batch(rows, input.total(), infer.total(), output.total());
        }
    }

    /** A count and a total duration. A concurrent read may see only one of the two updates. */
    private static final class Timings {

        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        void add(long duration) {
            count.increment();
            nanos.add(duration);
        }

        ModelStatistics.Total total() {
            return new ModelStatistics.Total(count.sum(), nanos.sum());
        }
    }

    /**
     * Times the phases of one run: rows into the inputs, the graph, results out of the outputs.
     *
     * <p>Confined to one worker.
     */
    static final class RunTimer {

        private final LongSupplier nanoTime;
        private long startNanos;
        private long inputsReadyNanos;
        private long graphDoneNanos;
        private long endNanos;

        RunTimer(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        void inputsReady() {
            inputsReadyNanos = nanoTime.getAsLong();
        }

        void graphDone() {
            graphDoneNanos = nanoTime.getAsLong();
        }

        private void start() {
            startNanos = nanoTime.getAsLong();
        }

        private void end() {
            endNanos = nanoTime.getAsLong();
        }

        private long inputNanos() {
            return inputsReadyNanos - startNanos;
        }

        private long inferNanos() {
            return graphDoneNanos - inputsReadyNanos;
        }

        private long outputNanos() {
            return endNanos - graphDoneNanos;
        }
    }
}
