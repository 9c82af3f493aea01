package io.hemline.serving.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Repeats a call on every core and says what one costs in CPU time of the whole process.
 *
 * <p>Immutable.
 *
 * @param warmSeconds how long to run before the clock starts
 * @param seconds how long to measure
 */
record CpuPerCall(double warmSeconds, double seconds) {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Microseconds of CPU for one call; each core gets a call of its own. */
    double micros(Supplier<Callable<?>> calls) throws InterruptedException, ExecutionException {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(cores);
        try {
            List<? extends Callable<?>> own =
                    IntStream.range(0, cores).mapToObj(core -> calls.get()).toList();
            repeat(threads, own, warmSeconds);
            long before = PROCESS.getProcessCpuTime();
            long count = repeat(threads, own, seconds);
            return (PROCESS.getProcessCpuTime() - before) / 1e3 / count;
        } finally {
            threads.shutdownNow();
        }
    }

    private static long repeat(ExecutorService threads, List<? extends Callable<?>> calls, double seconds)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Future<Long>> running = calls.stream()
                .map(call -> threads.submit(() -> repeatUntil(end, call)))
                .toList();
        long count = 0;
        for (Future<Long> each : running) {
            count += each.get();
        }
        return count;
    }

    private static long repeatUntil(long end, Callable<?> call) throws Exception {
        long count = 0;
        while (System.nanoTime() < end) {
            call.call();
            count++;
        }
        return count;
    }
}
