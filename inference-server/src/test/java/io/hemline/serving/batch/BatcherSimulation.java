package io.hemline.serving.batch;

import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Steps the real queue and the real batches through virtual time: requests come by a plan, workers are busy as long as a
 * batch of its size costs.
 *
 * <p>Confined to one thread.
 */
final class BatcherSimulation {

    private final BatchSizes sizes;
    private final long[] nanosBySize;
    private final RowQueue<Integer, Integer> queue;
    private final AdmissionController backlog;
    private final double pace;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final boolean[] busy;
    private final List<Long> latencies = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final List<Integer> started = new ArrayList<>();
    private long now;
    private long sequence;
    private long busyNanos;
    private int full;
    private int hopeless;
    private int late;
    private int tooLate;
    private int wrong;
    private int rowsAsked;

    /**
     * A batcher and the machine below it.
     *
     * @param nanos a batch of each size was measured to cost, in the order of the sizes
     * @param pace how many times that it takes in fact, because others want the processors too
     */
    BatcherSimulation(BatchSizes sizes, long[] nanos, double pace, int workers, QueueLimit limit) {
        this.sizes = sizes.measured(nanos);
        this.nanosBySize = new long[sizes.max() + 1];
        int[] all = sizes.all();
        for (int i = 0; i < all.length; i++) {
            nanosBySize[all[i]] = nanos[i];
        }
        this.pace = pace;
        this.queue = new RowQueue<>(this.sizes, limit.rows());
        this.backlog = new AdmissionController(this.sizes, workers, limit.maxWait(), new EventLoopLag());
        this.busy = new boolean[workers];
    }

    /** A request of so many rows comes then, and is waited for so long. */
    void arrive(long at, int rows, long patience) {
        schedule(at, () -> ask(rows, patience));
    }

    /** Lets time pass until nothing happens any more. */
    Outcome run() {
        while (!events.isEmpty()) {
            Event next = events.remove();
            now = next.at;
            next.what.run();
        }
        return outcome();
    }

    private void ask(int rows, long patience) {
        long asked = now;
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            values.add(rowsAsked++);
        }
        PendingRequest<Integer, Integer> group = new PendingRequest<>(values, now + patience, new EventLoopLag());
        if (!queue.fits(rows)) {
            full++;
            return;
        }
        if (!backlog.admits(rows, queue.rows(), now, now + patience)) {
            hopeless++;
            return;
        }
        queue.add(group);
        group.future().onComplete(done -> heard(done, values, asked, patience));
        startIdle();
    }

    private void heard(AsyncResult<List<Integer>> done, List<Integer> values, long asked, long patience) {
        if (done.failed()) {
            late++;
            return;
        }
        latencies.add(now - asked);
        tooLate += now - asked > patience ? 1 : 0;
        if (!done.result().equals(values.stream().map(value -> -value).toList())) {
            wrong++;
        }
    }

    private void startIdle() {
        for (int worker = 0; worker < busy.length; worker++) {
            if (!busy[worker]) {
                start(worker);
            }
        }
    }

    /** What a worker's thread does between two batches. */
    private void start(int worker) {
        if (!queue.isDue(worker)) {
            return;
        }
        Batch<Integer, Integer> batch = queue.take(now);
        batch.tellDropped();
        if (batch.size() == 0) {
            return;
        }
        busy[worker] = true;
        batches.add(batch.size());
        started.addAll(batch.rows());
        long cost = (long) (pace * nanosBySize[sizes.padded(batch.size())]);
        backlog.started(batch.size(), now);
        busyNanos += cost;
        schedule(now + cost, () -> {
            batch.run(rows -> rows.stream().map(row -> -row).toList());
            backlog.ended(batch.size(), cost, now);
            busy[worker] = false;
            start(worker);
        });
    }

    private void schedule(long at, Runnable what) {
        events.add(new Event(at, sequence++, what));
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
                hopeless,
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
     * What became of it.
     *
     * @param answered requests
     * @param full requests that were refused at once because there was no room
     * @param hopeless requests that were refused at once because they would have waited too long
     * @param late requests that were dropped
     * @param tooLate requests that were answered after their deadline
     * @param wrong requests whose answer was not theirs
     * @param inOrder whether rows were started in the order of their requests
     * @param nanos of the answered requests, ascending
     * @param rows that were run
     * @param meanBatch rows
     * @param maxBatch rows
     * @param busy share of the workers' time
     * @param end of the last event
     */
    record Outcome(
            int answered,
            int full,
            int hopeless,
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

    private record Event(long at, long sequence, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(sequence, other.sequence) : Long.compare(at, other.at);
        }
    }
}
