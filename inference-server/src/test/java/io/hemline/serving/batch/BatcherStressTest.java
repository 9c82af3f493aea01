package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatchRejected.Reason;
import io.hemline.serving.batch.Batcher.BatchWork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Invariant: under concurrent submits every accepted request completes exactly once, with its own results in order or
 * with one failure; a closed batcher has an empty queue and no running thread.
 */
class BatcherStressTest {

    private static final int CALLERS = 8;
    private static final int REQUESTS = 4_000;
    private static final long LONG_PATIENCE = TimeUnit.MINUTES.toNanos(5);

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private final AtomicLong rowsSeen = new AtomicLong();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final Map<Reason, Integer> rejected = new EnumMap<>(Reason.class);
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    /** Negates the rows; a row of remainder 96 modulo 97 makes its whole batch fail. */
    private BatchWork<Integer, Integer> negation() {
        return rows -> {
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                if (rows.stream().anyMatch(row -> row % 97 == 96)) {
                    throw new IllegalStateException("injected failure");
                }
                return rows.stream().map(row -> -row).toList();
            } finally {
                running.decrementAndGet();
            }
        };
    }

    @Test
    void completesEveryRequestOnceWithItsOwnResults() throws Exception {
        Batcher<Integer, Integer> batcher = batcher(4, 200);
        CountDownLatch outstanding = new CountDownLatch(CALLERS * REQUESTS);

        List<Thread> callers = callers(batcher, outstanding);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(outstanding.await(5, TimeUnit.MINUTES)).isTrue();
        batcher.close();

        assertThat(wrong).isEmpty();
        assertThat(answered.get()
                        + failed.get()
                        + rejected.values().stream().mapToInt(i -> i).sum())
                .isEqualTo(CALLERS * REQUESTS);
        assertThat(answered.get()).isPositive();
        assertThat(mostRunning.get()).isBetween(1, 4);
        assertThat(batcher.depth()).isZero();
        assertThat(rowsSeen.get()).isPositive();
    }

    @Test
    void completesEveryRequestOnceWhenClosedUnderLoad() throws Exception {
        Batcher<Integer, Integer> batcher = batcher(2, 64);
        CountDownLatch outstanding = new CountDownLatch(CALLERS * REQUESTS);
        List<Thread> callers = callers(batcher, outstanding);

        while (rowsSeen.get() < 100) {
            Thread.onSpinWait();
        }
        batcher.close();
        int atClose = running.get();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(outstanding.await(5, TimeUnit.MINUTES)).isTrue();
        assertThat(wrong).isEmpty();
        assertThat(atClose).isZero();
        assertThat(batcher.depth()).isZero();
    }

    private Batcher<Integer, Integer> batcher(int threads, int maxQueue) {
        return Batcher.start(
                new ThreadPool("negation", threads, Thread.NORM_PRIORITY),
                QueueLimit.ofRows(maxQueue),
                BatchSizes.of(List.of(1, 2, 4, 8, 16), 16),
                this::negation,
                System::nanoTime,
                rowsSeen::addAndGet);
    }

    private List<Thread> callers(Batcher<Integer, Integer> batcher, CountDownLatch outstanding) {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(i);
            callers.add(new Thread(() -> submit(batcher, random, outstanding), "caller-" + i));
        }
        callers.forEach(Thread::start);
        return callers;
    }

    private void submit(Batcher<Integer, Integer> batcher, Random random, CountDownLatch outstanding) {
        for (int request = 0; request < REQUESTS; request++) {
            int count = random.nextInt(10) == 0 ? 1 + random.nextInt(64) : 1;
            int first = random.nextInt(1_000_000);
            List<Integer> rows = IntStream.range(first, first + count).boxed().toList();
            long patience = random.nextInt(20) == 0 ? random.nextInt(100_000) : LONG_PATIENCE;
            AtomicInteger completions = new AtomicInteger();
            batcher.submit(rows, System.nanoTime() + patience).onComplete(done -> {
                if (completions.incrementAndGet() > 1) {
                    wrong.add("answered twice: " + rows);
                }
                check(rows, done.result(), done.cause());
                outstanding.countDown();
            });
        }
    }

    private void check(List<Integer> rows, List<Integer> results, Throwable cause) {
        if (cause instanceof BatchRejected rejection) {
            synchronized (rejected) {
                rejected.merge(rejection.reason(), 1, Integer::sum);
            }
        } else if (cause != null) {
            failed.incrementAndGet();
            if (!"injected failure".equals(cause.getMessage())) {
                wrong.add(rows + " failed with " + cause);
            }
        } else {
            answered.incrementAndGet();
            if (!results.equals(rows.stream().map(row -> -row).toList())) {
                wrong.add(rows + " answered with " + results);
            }
        }
    }
}
