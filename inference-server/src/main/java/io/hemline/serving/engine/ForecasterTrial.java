package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Calibration.Trial;
import io.hemline.serving.core.Attributes;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Series;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches of a made-up row on a graph that nobody uses yet, which also shows that the layout fits it.
 *
 * <p>Confined to one thread; the threads that it starts have ended when it returns.
 */
public final class ForecasterTrial implements Trial, AutoCloseable {

    private final GraphSession graph;
    private final RowLayout layout;
    private final BatchSizes sizes;
    private final boolean gentle;
    private final Row row;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<ForecasterSession> sessions = new ArrayList<>();

    /**
     * A trial.
     *
     * @param gentle whether others need the processors: then it rests after each batch as long as that took
     */
    public ForecasterTrial(GraphSession graph, RowLayout layout, BatchSizes sizes, boolean gentle) {
        this.graph = graph;
        this.layout = layout;
        this.sizes = sizes;
        this.gentle = gentle;
        this.row = layout.row(new Features(
                null,
                null,
                Series.of(LocalDate.of(2026, 11, 16), 1, 2, 3),
                Attributes.UNKNOWN,
                null,
                "2026-11-16",
                false,
                List.of()));
    }

    @Override
    public long nanos(int size, int threads) {
        while (sessions.size() < threads) {
            sessions.add(new ForecasterSession(graph, layout.manifest(), sizes));
        }
        List<Row> batch = Collections.nCopies(size, row);
        long nanos = threads == 1 ? processorNanos(sessions.get(0), batch) : together(threads, batch);
        if (gentle) {
            LockSupport.parkNanos(nanos);
        }
        return nanos;
    }

    /** The mean of as many batches that run at once. */
    private long together(int count, List<Row> batch) {
        CountDownLatch start = new CountDownLatch(count);
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        long[] nanos = new long[count];
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int own = i;
            Thread thread = new Thread(() -> nanos[own] = afterAll(start, sessions.get(own), batch, failure));
            thread.setName("hemline-calibration-" + i);
            running.add(thread);
        }
        running.forEach(Thread::start);
        running.forEach(Closing::await);
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        long sum = 0;
        for (long each : nanos) {
            sum += each;
        }
        return sum / count;
    }

    private long afterAll(
            CountDownLatch start,
            ForecasterSession session,
            List<Row> batch,
            AtomicReference<@Nullable RuntimeException> failure) {
        start.countDown();
        try {
            start.await(1, TimeUnit.SECONDS);
            return processorNanos(session, batch);
        } catch (InterruptedException e) {
            failure.set(new IllegalStateException(e));
        } catch (RuntimeException e) {
            failure.set(e);
        }
        return 0;
    }

    private long processorNanos(ForecasterSession session, List<Row> batch) {
        long start = now();
        session.run(batch);
        return now() - start;
    }

    /** This thread's time on a processor; by the clock where the system does not count it. */
    private long now() {
        return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : System.nanoTime();
    }

    @Override
    public void close() {
        Closing.all(List.copyOf(sessions));
    }
}
