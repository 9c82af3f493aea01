package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hemline.serving.batch.BatchRejected.Reason;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs rows in batches of whatever is queued when a worker is free.
 *
 * <p>Thread-safe: {@code lock} guards the queue and the closing.
 */
public final class Batcher<I, O> implements AutoCloseable {

    /*
     * The decisions are RowQueue's and Batch's; here are the lock, the threads and the clock.
     *
     * No timer. A worker that is free takes what waits; while it is busy the next batch gathers by itself. An idle server
     * thus answers a lone row at once, which any fixed delay would keep waiting for company, and a full one runs full
     * batches.
     *
     * Assumptions
     *   - the work of a worker is called by that worker's thread only, one batch at a time
     *   - a deadline is a System.nanoTime of this process
     *   - all rows have the shape that the work expects
     * Guarantees
     *   - the rows of one request are queued all or not at all, and only when they can be expected to be done in time
     *   - rows are started in the order of their requests
     *   - a row that could not be answered before its deadline when its turn comes is not run
     *   - rows of one batch are of one shape and one version, since a batcher belongs to one model version
     *   - every accepted request is answered once, on the Vert.x context that asked if there was one
     *   - close returns when every accepted row has been run or dropped and no worker runs any more
     */
    private final BatchSizes sizes;
    private final EventLoopLag wayBack = new EventLoopLag();
    private final LongSupplier nanoTime;
    private final IntConsumer batchSizeSeen;
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Condition> queued = new ArrayList<>();

    @GuardedBy("lock") private final RowQueue<I, O> queue;

    @GuardedBy("lock") private final AdmissionController backlog;

    @GuardedBy("lock") private boolean closed;

    private volatile int depth;

    private Batcher(BatchSizes sizes, int workers, QueueLimit limit, LongSupplier nanoTime, IntConsumer batchSizeSeen) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.batchSizeSeen = requireNonNull(batchSizeSeen, "batchSizeSeen");
        this.queue = new RowQueue<>(sizes, limit.rows());
        this.backlog = new AdmissionController(sizes, workers, limit.maxWait(), wayBack);
    }

    /**
     * Starts the workers.
     *
     * @param crew the threads that run the batches
     * @param limit how much may wait
     * @param sizes of the batches
     * @param work makes the work of one worker; called once for each
     * @param nanoTime the clock of the deadlines
     * @param batchSizeSeen told the rows of every batch that is run
     */
    public static <I, O> Batcher<I, O> start(
            ThreadPool crew,
            QueueLimit limit,
            BatchSizes sizes,
            Supplier<? extends BatchWork<I, O>> work,
            LongSupplier nanoTime,
            IntConsumer batchSizeSeen) {
        Batcher<I, O> batcher = new Batcher<>(sizes, crew.threads(), limit, nanoTime, batchSizeSeen);
        for (int worker = 0; worker < crew.threads(); worker++) {
            BatchWork<I, O> own = work.get();
            int place = worker;
            batcher.queued.add(batcher.lock.newCondition());
            batcher.workers.add(crew.thread(worker, () -> batcher.runBatches(place, own)));
        }
        batcher.workers.forEach(Thread::start);
        return batcher;
    }

    /**
     * Queues the rows of one request.
     *
     * @return one result for each row, or a failure: {@link BatchRejected}, or what the work threw
     */
    public Future<List<O>> submit(List<I> rows, long deadlineNanos) {
        return submit(rows, deadlineNanos, RowListener.NONE);
    }

    /** Queues the rows of one request, and tells when they ran. */
    public Future<List<O>> submit(List<I> rows, long deadlineNanos, RowListener watch) {
        if (rows.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        PendingRequest<I, O> group = new PendingRequest<>(List.copyOf(rows), deadlineNanos, wayBack);
        long now = nanoTime.getAsLong();
        group.watchedBy(watch, now);
        lock.lock();
        try {
            if (closed) {
                return Future.failedFuture(new BatchRejected(Reason.CLOSED, "the batcher is closed"));
            }
            BatchRejected refusal = refusal(rows.size(), deadlineNanos, now);
            if (refusal != null) {
                return Future.failedFuture(refusal);
            }
            queue.add(group);
            depth = queue.rows();
            wakeThoseDue();
        } finally {
            lock.unlock();
        }
        return group.future();
    }

    /** How many rows wait. */
    public int depth() {
        return depth;
    }

    /** Why so many rows would be refused now, if they would. */
    public @Nullable BatchRejected refusal(int rows, long deadlineNanos) {
        lock.lock();
        try {
            return refusal(rows, deadlineNanos, nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock") private @Nullable BatchRejected refusal(int rows, long deadlineNanos, long now) {
        if (!queue.fits(rows)) {
            return new BatchRejected(
                    Reason.FULL, queue.rows() + " rows wait, " + rows + " more do not fit: at most " + queue.maxRows());
        }
        return backlog.admits(rows, queue.rows(), now, deadlineNanos)
                ? null
                : new BatchRejected(Reason.FULL, backlog.refusal(rows, queue.rows(), now));
    }

    /** The sizes of the batches. */
    public BatchSizes sizes() {
        return sizes;
    }

    /** Takes no more, runs what is queued, and returns when the workers have ended. Not to be called by a worker. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queued.forEach(Condition::signal);
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    // What runs below must not be pulled from under a worker, so go on waiting.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runBatches(int worker, BatchWork<I, O> work) {
        for (Batch<I, O> batch = take(worker); !batch.isEmpty(); batch = take(worker)) {
            batch.tellDropped();
            if (batch.size() > 0) {
                long start = nanoTime.getAsLong();
                run(batch, work, start);
                long end = nanoTime.getAsLong();
                lock.lock();
                try {
                    backlog.ended(batch.size(), end - start, end);
                } finally {
                    lock.unlock();
                }
                batchSizeSeen.accept(batch.size());
            }
        }
    }

    private void run(Batch<I, O> batch, BatchWork<I, O> work, long start) {
        batch.run(rows -> {
            List<O> results = work.run(rows);
            batch.tellWatches(start, nanoTime.getAsLong());
            return results;
        });
    }

    /** The worker's next batch; waits for one, and is empty when the batcher is closed and nothing is left. */
    private Batch<I, O> take(int worker) {
        lock.lock();
        try {
            while (true) {
                if (closed || queue.isDue(worker)) {
                    long now = nanoTime.getAsLong();
                    Batch<I, O> batch = queue.take(now);
                    depth = queue.rows();
                    backlog.started(batch.size(), now);
                    if (closed || !batch.isEmpty()) {
                        wakeThoseDue();
                        return batch;
                    }
                }
                queued.get(worker).awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock") private void wakeThoseDue() {
        for (int worker = 0; worker < queued.size() && queue.isDue(worker); worker++) {
            queued.get(worker).signal();
        }
    }

    @Override
    public String toString() {
        return "batches of up to " + sizes.max() + " on " + workers.size() + " threads";
    }
}
