package io.hemline.serving.batch;

import io.hemline.serving.batch.AdmissionController.EventLoopLag;
import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.Batcher.RunListener;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Discrete-event simulation of the real queue, batches and admission control: requests arrive as scheduled, and a batch
 * keeps its worker busy for the cost of its size.
 *
 * <p>Confined to one thread.
 */
final class BatcherSimulation {

    private final BatchSizes sizes;
    private final long[] nanosBySize;
    private final RowQueue<Integer, Integer> queue;
    private final AdmissionController admission;
    private final double slowdown;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final boolean[] busy;
    private final List<Long> latencies = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final List<Integer> started = new ArrayList<>();
    private long now;
    private long sequence;
    private long busyNanos;
    private int full;
    private int overdue;
    private int late;
    private int tooLate;
    private int wrong;
    private int rowsSubmitted;

    /**
     * A batcher on a simulated machine.
     *
     * @param nanos calibrated cost of a batch, in the order of the sizes
     * @param slowdown factor of the actual cost over the calibrated one
     */
    BatcherSimulation(BatchSizes sizes, long[] nanos, double slowdown, int workers, QueueLimit limit) {
        this.sizes = sizes.measured(nanos);
        this.nanosBySize = new long[sizes.max() + 1];
        int[] all = sizes.all();
        for (int i = 0; i < all.length; i++) {
            nanosBySize[all[i]] = nanos[i];
        }
        this.slowdown = slowdown;
        this.queue = new RowQueue<>(this.sizes, limit.rows());
        this.admission = new AdmissionController(this.sizes, workers, limit.maxWait(), new EventLoopLag());
        this.busy = new boolean[workers];
    }

    /** Schedules a request whose deadline is {@code patience} after its arrival. */
    void arrive(long at, int rows, long patience) {
        schedule(at, () -> submit(rows, patience));
    }

    /** Runs until no event is left. */
    Outcome run() {
        while (!events.isEmpty()) {
            Event next = events.remove();
            now = next.at;
            next.action.run();
        }
        return outcome();
    }

    private void submit(int rows, long patience) {
        long arrived = now;
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            values.add(rowsSubmitted++);
        }
        PendingRequest<Integer, Integer> request =
                new PendingRequest<>(values, now, now + patience, RunListener.NONE, new EventLoopLag());
        if (!queue.fits(rows)) {
            full++;
            return;
        }
        if (!admission.admits(rows, queue.rows(), now, now + patience)) {
            overdue++;
            return;
        }
        queue.add(request);
        request.future().onComplete(done -> completed(done, values, arrived, patience));
        startIdleWorkers();
    }

    private void completed(AsyncResult<List<Integer>> outcome, List<Integer> values, long arrived, long patience) {
        if (outcome.failed()) {
            late++;
            return;
        }
        latencies.add(now - arrived);
        tooLate += now - arrived > patience ? 1 : 0;
        if (!outcome.result().equals(values.stream().map(value -> -value).toList())) {
            wrong++;
        }
    }

    private void startIdleWorkers() {
        for (int worker = 0; worker < busy.length; worker++) {
            if (!busy[worker]) {
                start(worker);
            }
        }
    }

    /** The step of a worker's thread between two batches. */
    private void start(int worker) {
        if (!queue.isDue(worker)) {
            return;
        }
        Batch<Integer, Integer> batch = queue.take(now);
        batch.failDropped();
        if (batch.size() == 0) {
            return;
        }
        busy[worker] = true;
        batches.add(batch.size());
        started.addAll(batch.rows());
        long cost = (long) (slowdown * nanosBySize[sizes.padded(batch.size())]);
        admission.started(batch.size(), now);
        busyNanos += cost;
        schedule(now + cost, () -> {
            batch.run(rows -> rows.stream().map(row -> -row).toList());
            admission.ended(batch.size(), cost, now);
            busy[worker] = false;
            start(worker);
        });
    }

    private void schedule(long at, Runnable action) {
        events.add(new Event(at, sequence++, action));
    }

    private Outcome outcome() {
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        boolean inOrder = true;
        for (int i = 1; i < started.size(); i++) {
            inOrder &= started.get(i - 1) < started.get(i);
        }
        return new Outcome(
                latencies.size(),
                full,
                overdue,
                late,
                tooLate,
                wrong,
                inOrder,
                sorted,
                started.size(),
                started.size() / (double) Math.max(1, batches.size()),
                batches.isEmpty() ? 0 : Collections.max(batches),
                busyNanos / (double) (busy.length * Math.max(1, now)),
                now);
    }

    /**
     * Results of one simulation.
     *
     * @param answered requests
     * @param full requests that were rejected because the queue was full
     * @param overdue requests that were rejected because their wait would have been too long
     * @param late requests that were dropped from the queue
     * @param tooLate requests that were answered after their deadline
     * @param wrong requests that got another request's results
     * @param inOrder whether rows were started in the order of their requests
     * @param nanos latencies of the answered requests, ascending
     * @param rows number of rows that were run
     * @param meanBatch mean rows of a batch
     * @param maxBatch rows of the largest batch
     * @param busy share of the workers' time, 0 to 1
     * @param end time of the last event
     */
    record Outcome(
            int answered,
            int full,
            int overdue,
            int late,
            int tooLate,
            int wrong,
            boolean inOrder,
            long[] nanos,
            int rows,
            double meanBatch,
            int maxBatch,
            double busy,
            long end) {

        double millis(double percentile) {
            if (nanos.length == 0) {
                return Double.NaN;
            }
            return nanos[(int) Math.min(nanos.length - 1, Math.floor(percentile / 100 * nanos.length))] / 1e6;
        }
    }

    private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(sequence, other.sequence) : Long.compare(at, other.at);
        }
    }
}
