package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs rows in batches of whatever is queued when a worker is free.
 *
 * <p>Thread-safe: {@code lock} guards the queue and the closing.
 */
public final class Batcher<I, O> implements AutoCloseable {

    /*
     * No timer. A worker that is free takes what waits; while it is busy the next batch gathers by itself. An idle server
     * thus answers a lone row at once, which any fixed delay would keep waiting for company, and a full one runs full
     * batches.
     *
     * Assumptions
     *   - the work of a worker is called by that worker's thread only, one batch at a time
     *   - a deadline is a System.nanoTime of this process
     * Guarantees
     *   - the rows of one request are queued all or not at all
     *   - rows are started in the order of their requests
     *   - a row whose deadline has passed when its turn comes is not run
     *   - every accepted request is answered once, on the Vert.x context that asked if there was one
     *   - close returns when every accepted row has been run or dropped and no worker runs any more
     */
    private final BatchSizes sizes;
    private final int maxQueue;
    private final LongSupplier nanoTime;
    private final IntConsumer batchSizeSeen;
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition queued = lock.newCondition();

    @GuardedBy("lock") private final ArrayDeque<Entry<I, O>> queue = new ArrayDeque<>();

    @GuardedBy("lock") private boolean closed;

    private volatile int depth;

    private Batcher(BatchSizes sizes, int maxQueue, LongSupplier nanoTime, IntConsumer batchSizeSeen) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.maxQueue = maxQueue;
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.batchSizeSeen = requireNonNull(batchSizeSeen, "batchSizeSeen");
    }

    /**
     * Starts the workers.
     *
     * @param role of the workers, the stem of their threads' names
     * @param work makes the work of one worker; called once for each
     * @param nanoTime the clock of the deadlines
     * @param batchSizeSeen told the rows of every batch that is run
     */
    public static <I, O> Batcher<I, O> start(
            String role,
            BatchConfig config,
            BatchSizes sizes,
            Supplier<? extends BatchWork<I, O>> work,
            LongSupplier nanoTime,
            IntConsumer batchSizeSeen) {
        Batcher<I, O> batcher = new Batcher<>(sizes, config.maxQueue(), nanoTime, batchSizeSeen);
        for (int worker = 0; worker < config.workers(); worker++) {
            BatchWork<I, O> own = work.get();
            Thread thread = new Thread(() -> batcher.runBatches(own), role + "-" + worker);
            thread.setDaemon(true);
            batcher.workers.add(thread);
        }
        batcher.workers.forEach(Thread::start);
        return batcher;
    }

    /**
     * Queues the rows of one request.
     *
     * @return one result for each row, or a failure: {@link BatchRefused}, or what the work threw
     */
    public Future<List<O>> submit(List<I> rows, long deadlineNanos) {
        if (rows.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Group<I, O> group = new Group<>(List.copyOf(rows), deadlineNanos);
        lock.lock();
        try {
            if (closed) {
                return Future.failedFuture(new BatchRefused(BatchRefused.Reason.CLOSED, "the batcher is closed"));
            }
            if (queue.size() + rows.size() > maxQueue) {
                return Future.failedFuture(new BatchRefused(
                        BatchRefused.Reason.FULL,
                        queue.size() + " rows wait, " + rows.size() + " more do not fit: at most " + maxQueue));
            }
            for (int place = 0; place < rows.size(); place++) {
                queue.addLast(new Entry<>(group, place));
            }
            depth = queue.size();
            wake(rows.size());
        } finally {
            lock.unlock();
        }
        return group.future();
    }

    /** How many rows wait. */
    public int depth() {
        return depth;
    }

    /** Whether so many rows would be refused now. */
    public boolean full(int rows) {
        return depth + rows > maxQueue;
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
            queued.signalAll();
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

    @GuardedBy("lock") private void wake(int rows) {
        if (rows > sizes.max()) {
            queued.signalAll();
        } else {
            queued.signal();
        }
    }

    private void runBatches(BatchWork<I, O> work) {
        List<Entry<I, O>> batch = take();
        while (!batch.isEmpty()) {
            run(batch, work);
            batch = take();
        }
    }

    /** The next batch; waits for one, and is empty when the batcher is closed and nothing is left. */
    private List<Entry<I, O>> take() {
        lock.lock();
        try {
            while (true) {
                List<Entry<I, O>> batch = takeLiving();
                if (closed || !batch.isEmpty()) {
                    return batch;
                }
                queued.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next batch of rows that somebody waits for; empty when no such row is queued. */
    @GuardedBy("lock") private List<Entry<I, O>> takeLiving() {
        long now = nanoTime.getAsLong();
        queue.removeIf(entry -> dead(entry.group, now));
        int size = sizes.take(queue.size());
        List<Entry<I, O>> batch = new ArrayList<>(size);
        while (batch.size() < size) {
            batch.add(queue.removeFirst());
        }
        depth = queue.size();
        if (depth > 0) {
            queued.signal();
        }
        return batch;
    }

    private boolean dead(Group<I, O> group, long now) {
        if (group.lateAt(now)) {
            group.fail(new BatchRefused(BatchRefused.Reason.LATE, "the deadline passed in the queue"));
        }
        return group.answered();
    }

    private void run(List<Entry<I, O>> batch, BatchWork<I, O> work) {
        List<I> rows = new ArrayList<>(batch.size());
        for (Entry<I, O> entry : batch) {
            rows.add(entry.group.row(entry.place));
        }
        try {
            List<O> results = work.run(rows);
            if (results.size() != rows.size()) {
                throw new IllegalStateException(results.size() + " results for " + rows.size() + " rows");
            }
            for (int i = 0; i < results.size(); i++) {
                batch.get(i).group.succeed(batch.get(i).place, results.get(i));
            }
        } catch (Throwable e) {
            // Whatever it was, the requests must hear of it and the worker must live on.
            batch.forEach(entry -> entry.group.fail(e));
        }
        batchSizeSeen.accept(rows.size());
    }

    @Override
    public String toString() {
        return "batches of " + sizes + " on " + workers.size() + " threads";
    }

    /** One row of one request. */
    private record Entry<I, O>(Group<I, O> group, int place) {}
}
