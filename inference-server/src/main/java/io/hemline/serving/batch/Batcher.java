package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatchRejected.Reason;
import io.hemline.serving.core.Closing;
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
 * Runs queued rows in batches on its own worker threads.
 *
 * <p>Thread-safe: {@code lock} guards the queue, the admission state and {@code closed}; {@code depth} is volatile.
 */
public final class Batcher<I, O> implements AutoCloseable {

    /*
     * RowQueue, Batch and AdmissionController decide; this class has the lock, the threads and the clock.
     *
     * Batches form without a timer: a free worker takes the queued rows, and the next batch gathers while it runs. An idle
     * server therefore answers a single row immediately, and a loaded server runs full batches.
     *
     * Assumptions
     *   - a worker's BatchWork is called by that worker's thread only, one batch at a time
     *   - deadlines are values of System.nanoTime of this process
     *   - all rows have the shape that the work expects
     * Guarantees
     *   - the rows of one request are queued all or none, and only if they are expected to finish before their deadline
     *   - rows start in the order of their requests
     *   - a row that can no longer finish before its deadline is dropped instead of run
     *   - all rows of a batch have one shape and one model version, since a batcher belongs to one model version
     *   - every accepted request completes once, on the Vert.x context that submitted it if there was one
     *   - close returns when every accepted row has been run or dropped and all workers have ended
     */
    private final BatchSizes sizes;
    private final AdmissionController.EventLoopLag eventLoopLag = new AdmissionController.EventLoopLag();
    private final LongSupplier nanoTime;
    private final IntConsumer batchSizeRecorder;
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** One for each worker, by its index. */
    private final List<Condition> batchDue = new ArrayList<>();

    @GuardedBy("lock") private final RowQueue<I, O> queue;

    @GuardedBy("lock") private final AdmissionController admission;

    /** Admitted rows that are not queued yet. */
    @GuardedBy("lock") private int reserved;

    @GuardedBy("lock") private boolean closed;

    private volatile int depth;

    private Batcher(
            BatchSizes sizes, int workers, QueueLimit limit, LongSupplier nanoTime, IntConsumer batchSizeRecorder) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.batchSizeRecorder = requireNonNull(batchSizeRecorder, "batchSizeRecorder");
        this.queue = new RowQueue<>(sizes, limit.rows());
        this.admission = new AdmissionController(sizes, workers, limit.maxWait(), eventLoopLag);
    }

    /**
     * Starts the workers.
     *
     * @param pool the threads that run the batches
     * @param limit of the queue
     * @param sizes of the batches
     * @param work makes the work of one worker; called once for each
     * @param nanoTime the clock of the deadlines
     * @param batchSizeRecorder receives the number of rows of every batch that was run
     */
    public static <I, O> Batcher<I, O> start(
            ThreadPool pool,
            QueueLimit limit,
            BatchSizes sizes,
            Supplier<? extends BatchWork<I, O>> work,
            LongSupplier nanoTime,
            IntConsumer batchSizeRecorder) {
        Batcher<I, O> batcher = new Batcher<>(sizes, pool.threads(), limit, nanoTime, batchSizeRecorder);
        for (int i = 0; i < pool.threads(); i++) {
            BatchWork<I, O> own = work.get();
            int worker = i;
            batcher.batchDue.add(batcher.lock.newCondition());
            batcher.workers.add(pool.thread(worker, () -> batcher.runBatches(worker, own)));
        }
        batcher.workers.forEach(Thread::start);
        return batcher;
    }

    /**
     * Queues the rows of one request.
     *
     * @return one result for each row, or a failure: {@link BatchRejected}, or the exception of the work
     */
    public Future<List<O>> submit(List<I> rows, long deadlineNanos) {
        return submit(rows, deadlineNanos, RunListener.NONE);
    }

    /** Queues the rows of one request; the listener receives the times of their runs. */
    public Future<List<O>> submit(List<I> rows, long deadlineNanos, RunListener listener) {
        if (rows.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        try (Reservation<I, O> places = admit(rows.size(), deadlineNanos)) {
            return places.submit(rows, listener);
        } catch (BatchRejected e) {
            return Future.failedFuture(e);
        }
    }

    /**
     * Admits that many rows before they are made, so that the rejection of a request costs little.
     *
     * @throws BatchRejected when they do not fit into the queue or cannot be expected to finish before their deadline
     */
    public Reservation<I, O> admit(int rows, long deadlineNanos) {
        long now = nanoTime.getAsLong();
        lock.lock();
        try {
            if (closed) {
                throw new BatchRejected(Reason.CLOSED, "the batcher is closed");
            }
            BatchRejected rejection = rejection(rows, deadlineNanos, now);
            if (rejection != null) {
                throw rejection;
            }
            reserved += rows;
        } finally {
            lock.unlock();
        }
        return new Reservation<>(this, rows, now, deadlineNanos, eventLoopLag);
    }

    void enqueue(PendingRequest<I, O> request) {
        lock.lock();
        try {
            reserved -= request.waiting();
            if (closed) {
                request.fail(new BatchRejected(Reason.CLOSED, "the batcher is closed"));
                return;
            }
            queue.add(request);
            depth = queue.rows();
            signalDueWorkers();
        } finally {
            lock.unlock();
        }
    }

    void giveBack(int rows) {
        lock.lock();
        try {
            reserved -= rows;
        } finally {
            lock.unlock();
        }
    }

    /** The number of queued rows. */
    public int depth() {
        return depth;
    }

    @GuardedBy("lock") private @Nullable BatchRejected rejection(int rows, long deadlineNanos, long now) {
        int waiting = queue.rows() + reserved;
        if (!queue.fits(reserved + rows)) {
            return new BatchRejected(
                    Reason.FULL, waiting + " rows wait, " + rows + " more do not fit: at most " + queue.maxRows());
        }
        return admission.admits(rows, waiting, now, deadlineNanos)
                ? null
                : new BatchRejected(Reason.FULL, admission.rejectionMessage(rows, waiting, now));
    }

    /** Rejects new requests, runs the queued ones, and returns when the workers have ended. Workers must not call it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            batchDue.forEach(Condition::signal);
        } finally {
            lock.unlock();
        }
        workers.forEach(Closing::await);
    }

    private void runBatches(int worker, BatchWork<I, O> work) {
        for (Batch<I, O> batch = take(worker); !batch.isEmpty(); batch = take(worker)) {
            batch.failDropped();
            if (batch.size() > 0) {
                long start = nanoTime.getAsLong();
                run(batch, work, start);
                long end = nanoTime.getAsLong();
                lock.lock();
                try {
                    admission.ended(batch.size(), end - start, end);
                } finally {
                    lock.unlock();
                }
                batchSizeRecorder.accept(batch.size());
            }
        }
    }

    private void run(Batch<I, O> batch, BatchWork<I, O> work, long start) {
        batch.run(rows -> {
            List<O> results = work.run(rows);
            batch.notifyListeners(start, nanoTime.getAsLong());
            return results;
        });
    }

    /** Waits for the worker's next batch; an empty batch ends the worker. */
    private Batch<I, O> take(int worker) {
        lock.lock();
        try {
            while (true) {
                if (closed || queue.isDue(worker)) {
                    long now = nanoTime.getAsLong();
                    Batch<I, O> batch = queue.take(now);
                    depth = queue.rows();
                    admission.started(batch.size(), now);
                    if (closed || !batch.isEmpty()) {
                        signalDueWorkers();
                        return batch;
                    }
                }
                batchDue.get(worker).awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock") private void signalDueWorkers() {
        for (int worker = 0; worker < batchDue.size() && queue.isDue(worker); worker++) {
            batchDue.get(worker).signal();
        }
    }

    @Override
    public String toString() {
        return "batches of up to " + sizes.max() + " on " + workers.size() + " threads";
    }

    /** The work that one worker does on a batch. Each worker has its own instance, which may keep buffers. */
    @FunctionalInterface
    public interface BatchWork<I, O> {

        /** Runs the batch; returns one result for each row, in order. */
        List<O> run(List<I> rows) throws Exception;
    }

    /** Receives the times of each batch that ran rows of one request, on the thread that ran it. */
    @FunctionalInterface
    public interface RunListener {

        RunListener NONE = (queuedNanos, startNanos, endNanos) -> {};

        /** Times of the batcher's clock; called before the request completes. */
        void ran(long queuedNanos, long startNanos, long endNanos);
    }
}
