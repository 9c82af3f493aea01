package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Calibration.Trial;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
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
 * Runs batches of a synthetic row on a graph that is not yet live, for calibration; also proves that the layout fits it.
 *
 * <p>Confined to one thread; the threads that it starts end before {@link #nanos} returns.
 */
public final class ForecasterTrial implements Trial, AutoCloseable {

    private final GraphSession graph;
    private final RowLayout layout;
    private final BatchSizes sizes;
    private final boolean throttled;
    private final Row row;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<ForecasterSession> sessions = new ArrayList<>();

    /**
     * Makes a trial.
     *
     * @param throttled whether to pause after each batch for as long as it took, to leave the CPU to live versions
     */
    public ForecasterTrial(GraphSession graph, RowLayout layout, BatchSizes sizes, boolean throttled) {
        this.graph = graph;
        this.layout = layout;
        this.sizes = sizes;
        this.throttled = throttled;
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
        long nanos = threads == 1 ? cpuNanos(sessions.get(0), batch) : concurrent(threads, batch);
        if (throttled) {
            LockSupport.parkNanos(nanos);
        }
        return nanos;
    }

    /** The mean of {@code count} batches that run concurrently. */
    private long concurrent(int count, List<Row> batch) {
        CountDownLatch start = new CountDownLatch(count);
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        long[] nanos = new long[count];
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            Thread thread = new Thread(() -> nanos[index] = runTogether(start, sessions.get(index), batch, failure));
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

    private long runTogether(
            CountDownLatch start,
            ForecasterSession session,
            List<Row> batch,
            AtomicReference<@Nullable RuntimeException> failure) {
        start.countDown();
        try {
            start.await(1, TimeUnit.SECONDS);
            return cpuNanos(session, batch);
        } catch (InterruptedException e) {
            failure.set(new IllegalStateException(e));
        } catch (RuntimeException e) {
            failure.set(e);
        }
        return 0;
    }

    private long cpuNanos(ForecasterSession session, List<Row> batch) {
        long start = now();
        session.run(batch);
        return now() - start;
    }

    /** The thread's CPU time, or wall-clock time where the system does not measure it. */
    private long now() {
        return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : System.nanoTime();
    }

    @Override
    public void close() {
        Closing.all(List.copyOf(sessions));
    }
}
