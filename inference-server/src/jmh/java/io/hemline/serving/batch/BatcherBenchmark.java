package io.hemline.serving.batch;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question: what is the overhead of the batcher from submit to result (hand-over to a worker and back, with work that does
 * nothing), for a request of one row and one of 64?
 *
 * <p>Command: {@code make bench SUITE=pieces ARGS=BatcherBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatcherBenchmark {

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final List<Integer> one = List.of(1);
    private final List<Integer> many = Collections.nCopies(64, 1);
    private Batcher<Integer, Integer> batcher;

    @Setup
    public void start() {
        batcher = Batcher.start(
                new ThreadPool("bench", Runtime.getRuntime().availableProcessors(), Thread.NORM_PRIORITY),
                BatchConfig.defaults().queueLimit(),
                BatchSizes.of(List.of(1, 2, 4, 8), 8),
                () -> rows -> rows,
                System::nanoTime,
                rows -> {});
    }

    @TearDown
    public void stop() {
        batcher.close();
    }

    @Benchmark
    public List<Integer> oneRow() throws ExecutionException, InterruptedException {
        return submit(one);
    }

    @Benchmark
    public List<Integer> sixtyFourRows() throws ExecutionException, InterruptedException {
        return submit(many);
    }

    private List<Integer> submit(List<Integer> rows) throws ExecutionException, InterruptedException {
        return batcher.submit(rows, NEVER)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }
}
