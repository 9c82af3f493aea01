package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.batch.ThreadPool;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Series;
import io.hemline.serving.engine.ForecasterSession;
import io.hemline.serving.engine.GraphSession;
import io.hemline.serving.engine.Row;
import io.hemline.serving.engine.Row.RowForecast;
import io.hemline.serving.engine.RowLayout;
import io.hemline.store.Artifact;
import io.hemline.store.Manifest;
import io.hemline.store.ModelStore;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant: the answer to a row does not depend on the other rows of its batch, within the tolerance of the model's
 * golden answers. The rows hold series of one week to ten years, with and without gaps, images and attributes.
 */
class BatchedAnswersTest {

    private static final int ROWS = 120;
    private static final int CALLERS = 6;
    private static final int REQUESTS = 60;
    private static final long LONG_DEADLINE = TimeUnit.MINUTES.toNanos(5);

    private final Artifact artifact =
            ModelStore.open("../model-store/demo/store").verify("trend", 2);
    private final Manifest manifest = artifact.manifest();
    private final RowLayout layout = new RowLayout(manifest);
    private final GraphSession graph;
    private final List<ForecasterSession> sessions = Collections.synchronizedList(new ArrayList<>());
    private final List<Row> rows = rows();
    private final List<RowForecast> alone = new ArrayList<>();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger answered = new AtomicInteger();

    BatchedAnswersTest() throws Exception {
        graph = GraphSession.open(artifact.forecaster());
        ForecasterSession single = session(BatchSizes.of(List.of(1), 1));
        rows.forEach(row -> alone.addAll(single.run(List.of(row))));
    }

    @AfterEach
    void close() {
        Closing.all(List.copyOf(sessions));
        graph.close();
    }

    @Test
    void everySizeGivesTheAnswersOfSingleRows() {
        BatchSizes sizes = BatchSizes.of(List.of(1, 2, 4, 8, 16, 32), 32);
        ForecasterSession session = session(sizes);

        for (int count = 1; count <= sizes.max(); count++) {
            for (int from = 0; from + count <= ROWS; from += 7 * count) {
                check(from, session.run(rows.subList(from, from + count)));
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void concurrentRequestsOfAllKindsGetTheAnswersOfSingleRows() throws Exception {
        BatchSizes sizes = BatchSizes.of(List.of(1, 2, 4, 8, 16, 32), 32);
        Batcher<Row, RowForecast> batcher = Batcher.start(
                new ThreadPool("test-inference", 2, Thread.NORM_PRIORITY),
                QueueLimit.ofRows(10_000),
                sizes,
                () -> session(sizes),
                System::nanoTime,
                seen -> {});
        CountDownLatch outstanding = new CountDownLatch(CALLERS * REQUESTS);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(i);
            callers.add(new Thread(() -> ask(batcher, random, outstanding), "caller-" + i));
        }

        callers.forEach(Thread::start);

        assertThat(outstanding.await(5, TimeUnit.MINUTES)).isTrue();
        batcher.close();
        assertThat(wrong).isEmpty();
        assertThat(answered.get()).isPositive();
    }

    private void ask(Batcher<Row, RowForecast> batcher, Random random, CountDownLatch outstanding) {
        for (int request = 0; request < REQUESTS; request++) {
            int count = List.of(1, 1, 1, 3, 8, 64).get(random.nextInt(6));
            int from = random.nextInt(ROWS - count + 1);
            long deadline = random.nextInt(5) == 0 ? random.nextInt(2_000_000) : LONG_DEADLINE;
            batcher.submit(rows.subList(from, from + count), System.nanoTime() + deadline)
                    .onComplete(done -> {
                        if (done.succeeded()) {
                            answered.incrementAndGet();
                            check(from, done.result());
                        } else if (!(done.cause() instanceof BatchRejected)) {
                            wrong.add(done.cause().toString());
                        }
                        outstanding.countDown();
                    });
        }
    }

    private ForecasterSession session(BatchSizes sizes) {
        ForecasterSession session = new ForecasterSession(graph, manifest, sizes);
        sessions.add(session);
        return session;
    }

    private void check(int from, List<RowForecast> results) {
        for (int i = 0; i < results.size(); i++) {
            RowForecast expected = alone.get(from + i);
            RowForecast actual = results.get(i);
            boolean same = expected.trendClass() == actual.trendClass()
                    && near(expected.variableWeights(), actual.variableWeights())
                    && near(expected.weekWeights(), actual.weekWeights());
            for (int week = 0; week < expected.quantiles().length; week++) {
                same &= near(expected.quantiles()[week], actual.quantiles()[week]);
            }
            if (!same) {
                wrong.add("row " + (from + i) + " in a request of " + results.size());
            }
        }
    }

    private boolean near(float[] expected, float[] actual) {
        Manifest.Tolerance tolerance = manifest.tolerance();
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance.atol() + tolerance.rtol() * Math.abs(expected[i]))) {
                return false;
            }
        }
        return expected.length == actual.length;
    }

    private List<Row> rows() {
        Random random = new Random(11);
        List<Row> made = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            double[] volume = new double[i % 10 == 0 ? 1 : 1 + random.nextInt(520)];
            for (int week = 0; week < volume.length; week++) {
                volume[week] =
                        random.nextInt(8) == 0 ? Double.NaN : 10 + i + 5 * Math.sin(week / 8.0) + random.nextDouble();
            }
            volume[volume.length - 1] = 10 + i;
            float[] look = {};
            if (i % 3 == 0) {
                look = new float[manifest.embeddingDim()];
                for (int k = 0; k < look.length; k++) {
                    look[k] = (float) random.nextGaussian();
                }
            }
            made.add(layout.row(new Features(
                    null,
                    null,
                    Series.of(LocalDate.of(2026, 11, 16), volume),
                    Attributes.UNKNOWN,
                    look,
                    "2026-11-16",
                    false,
                    List.of())));
        }
        return made;
    }
}
