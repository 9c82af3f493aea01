package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatchRejected.Reason;
import io.hemline.serving.batch.Batcher.RunListener;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batcher with one worker, which runs a batch only when the test releases a permit. */
class BatcherTest {

    private static final long NEVER = Long.MAX_VALUE;

    private final AtomicLong now = new AtomicLong();
    private final Semaphore permits = new Semaphore(0);
    private final BlockingQueue<List<Integer>> started = new LinkedBlockingQueue<>();
    private final List<Integer> sizesSeen = Collections.synchronizedList(new ArrayList<>());
    private final List<String> threads = Collections.synchronizedList(new ArrayList<>());
    private final Batcher<Integer, Integer> batcher = Batcher.start(
            new ThreadPool("tens", 1, Thread.NORM_PRIORITY),
            QueueLimit.ofRows(10),
            BatchSizes.of(List.of(1, 2, 4), 4),
            () -> this::timesTen,
            now::get,
            sizesSeen::add);

    private List<Integer> timesTen(List<Integer> rows) {
        started.add(List.copyOf(rows));
        threads.add(Thread.currentThread().getName());
        permits.acquireUninterruptibly();
        if (rows.contains(-1)) {
            throw new IllegalStateException("negative row");
        }
        return rows.stream().map(row -> row * 10).toList();
    }

    @AfterEach
    void close() {
        permits.release(1000);
        batcher.close();
    }

    @Test
    void runsASingleRowImmediately() throws Exception {
        permits.release();

        Future<List<Integer>> answer = batcher.submit(List.of(7), NEVER);

        assertThat(result(answer)).containsExactly(70);
        assertThat(threads).containsExactly("tens-0");
    }

    @Test
    void batchesRowsThatWereQueuedWhileTheWorkerWasBusy() throws Exception {
        occupyTheWorker();
        List<Future<List<Integer>>> answers = IntStream.range(0, 7)
                .mapToObj(row -> batcher.submit(List.of(row), NEVER))
                .toList();

        permits.release(10);

        for (int row = 0; row < 7; row++) {
            assertThat(result(answers.get(row))).containsExactly(row * 10);
        }
        assertThat(startedBatches(3)).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5), List.of(6));
    }

    @Test
    void startsTheSecondWorkerWhenAFullBatchIsQueued() throws Exception {
        List<Integer> running = Collections.synchronizedList(new ArrayList<>());
        Batcher<Integer, Integer> two = Batcher.start(
                new ThreadPool("two", 2, Thread.NORM_PRIORITY),
                QueueLimit.ofRows(10),
                BatchSizes.of(List.of(1, 2, 4), 4),
                () -> rows -> {
                    running.add(rows.size());
                    return timesTen(rows);
                },
                now::get,
                sizesSeen::add);

        Future<List<Integer>> first = two.submit(List.of(1), NEVER);
        startedBatches(1);
        Future<List<Integer>> waiting = two.submit(List.of(2, 3, 4), NEVER);
        int before = running.size();
        Future<List<Integer>> enough = two.submit(List.of(5), NEVER);
        startedBatches(1);

        assertThat(before).isEqualTo(1);
        assertThat(running).containsExactly(1, 4);
        permits.release(10);
        assertThat(result(first)).containsExactly(10);
        assertThat(result(waiting)).containsExactly(20, 30, 40);
        assertThat(result(enough)).containsExactly(50);
        two.close();
    }

    @Test
    void returnsTheResultsOfARequestOfSeveralBatchesInOrder() throws Exception {
        permits.release(10);

        Future<List<Integer>> answer = batcher.submit(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), NEVER);

        assertThat(result(answer)).containsExactly(10, 20, 30, 40, 50, 60, 70, 80, 90);
    }

    @Test
    void holdsAdmittedPlacesUntilTheyAreUsedOrGivenBack() throws Exception {
        occupyTheWorker();
        Reservation<Integer, Integer> places = batcher.admit(8, NEVER);
        Future<List<Integer>> rejected = batcher.submit(List.of(1, 2, 3), NEVER);
        places.close();
        Future<List<Integer>> accepted = batcher.submit(List.of(1, 2, 3), NEVER);

        assertThat(reason(rejected)).isEqualTo(Reason.FULL);
        permits.release(10);
        assertThat(result(accepted)).containsExactly(10, 20, 30);
        assertThatThrownBy(() -> places.submit(List.of(1), RunListener.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void queuesAllRowsOfARequestOrNone() throws Exception {
        occupyTheWorker();
        Future<List<Integer>> eight = batcher.submit(List.of(1, 2, 3, 4, 5, 6, 7, 8), NEVER);

        Future<List<Integer>> three = batcher.submit(List.of(9, 10, 11), NEVER);
        Future<List<Integer>> two = batcher.submit(List.of(12, 13), NEVER);

        assertThat(reason(three)).isEqualTo(Reason.FULL);
        assertThat(batcher.depth()).isEqualTo(10);
        assertThatThrownBy(() -> batcher.admit(1, NEVER)).isInstanceOf(BatchRejected.class);
        permits.release(10);
        assertThat(result(eight)).hasSize(8);
        assertThat(result(two)).containsExactly(120, 130);
    }

    @Test
    void doesNotRunARowWhoseDeadlineHasPassed() throws Exception {
        occupyTheWorker();
        Future<List<Integer>> late = batcher.submit(List.of(1, 2), 100);
        Future<List<Integer>> patient = batcher.submit(List.of(3), 101);

        now.set(100);
        permits.release(10);

        assertThat(reason(late)).isEqualTo(Reason.LATE);
        assertThat(result(patient)).containsExactly(30);
        assertThat(startedBatches(1)).containsExactly(List.of(3));
    }

    @Test
    void failsEveryRequestOfAFailedBatchAndContinues() throws Exception {
        occupyTheWorker();
        Future<List<Integer>> bad = batcher.submit(List.of(-1), NEVER);
        Future<List<Integer>> beside = batcher.submit(List.of(1), NEVER);
        Future<List<Integer>> after = batcher.submit(List.of(2), NEVER);

        permits.release(10);

        assertThatThrownBy(() -> result(bad)).hasRootCauseMessage("negative row");
        assertThatThrownBy(() -> result(beside)).hasRootCauseMessage("negative row");
        assertThat(result(after)).containsExactly(20);
    }

    @Test
    void runsQueuedRowsWhenClosed() throws Exception {
        occupyTheWorker();
        Future<List<Integer>> queued = batcher.submit(List.of(1, 2, 3), NEVER);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(batcher::close);

        permits.release(10);

        closing.get(10, TimeUnit.SECONDS);
        assertThat(queued.result()).containsExactly(10, 20, 30);
        assertThat(reason(batcher.submit(List.of(4), NEVER))).isEqualTo(Reason.CLOSED);
        assertThat(sizesSeen).containsExactly(1, 2, 1);
    }

    @Test
    void completesOnTheCallersEventLoop() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            permits.release(10);
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Boolean> same = new CompletableFuture<>();

            context.runOnContext(ignored -> batcher.submit(List.of(1), NEVER)
                    .onComplete(answer -> same.complete(Vertx.currentContext() == context)));

            assertThat(same.get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    /** Occupies the worker with a batch, so that the next rows stay queued. */
    private void occupyTheWorker() throws InterruptedException {
        batcher.submit(List.of(1000), NEVER);
        assertThat(started.poll(10, TimeUnit.SECONDS)).containsExactly(1000);
    }

    private List<List<Integer>> startedBatches(int count) throws InterruptedException {
        List<List<Integer>> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(started.poll(10, TimeUnit.SECONDS));
        }
        return batches;
    }

    private static <T> T result(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Reason reason(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BatchRejected rejection) {
                return rejection.reason();
            }
            throw e;
        }
        throw new AssertionError("was not rejected");
    }
}
