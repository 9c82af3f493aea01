package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatcherSimulation.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Simulates the batcher under seeded loads and compares the report with the committed one. After an intended change,
 * review the difference and commit the report that the failing test has written.
 */
class BatcherSimulationTest {

    private static final Path REPORT = Path.of("src/test/resources/io/hemline/serving/batch/batcher-report.md");
    private static final Path WRITTEN = Path.of("target/batcher-report.md");
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;

    /** The batch sizes of the demo's forecaster; {@link #NANOS} has their measured costs. */
    private static final BatchSizes SIZES = BatchSizes.of(List.of(1, 2, 4, 8, 16, 32), 32);

    private static final long[] NANOS = {350_000, 500_000, 730_000, 1_180_000, 2_150_000, 4_200_000};
    private static final int WORKERS = 2;
    private static final QueueLimit ROWS_ONLY = QueueLimit.ofRows(1024);
    private static final QueueLimit ADMISSION = BatchConfig.defaults().queueLimit();

    /** A graph whose rows take 5 ms in a batch of any size. */
    private static final BatchSizes SLOW_SIZES = BatchSizes.of(List.of(1, 2, 4), 4);

    private static final long[] SLOW_NANOS = {5_000_000, 10_000_000, 20_000_000};
    private static final double SLOW_CAPACITY = WORKERS / 0.005;

    /** Rows per second at the best batch. */
    private static final double CAPACITY = WORKERS * 32 / 0.0042;

    private final StringBuilder report = new StringBuilder("""
            # Batcher simulation

            The real queue, batches and admission control in virtual time (`BatcherSimulation`), 5 s of seeded
            arrivals for each load. Two workers; a batch of 1, 2, 4, 8, 16, 32 rows takes 0.35, 0.5, 0.73, 1.18,
            2.15, 4.2 ms; at most 1,024 rows wait; capacity 15,238 rows/s.
            "5 ms a row" is another graph, whose rows take 5 ms in any batch: capacity 400 rows/s. "With admission"
            rejects requests whose wait would exceed 75 ms, the server's default; "n × as slow" is a machine on which
            batches take n times their calibrated cost.
            Requests: answered, rejected because the queue was full, rejected because their wait would have been too
            long, dropped because they could not be answered before their deadline. Latency of the answered ones in
            ms.

            | load | rows asked | answered | full | too long | dropped | answered too late | rows/s run | batch mean (max) | p50 | p95 | p99 | max | busy |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """);
    private final List<Outcome> outcomes = new ArrayList<>();

    @Test
    void matchesTheCommittedReport() throws IOException {
        poisson("single rows, 100/s", 100, 10_000);
        poisson("single rows, 500/s", 500, 10_000);
        poisson("single rows, 2,000/s", 2_000, 10_000);
        poisson("single rows, half of capacity", CAPACITY / 2, 10_000);
        poisson("single rows, 0.9 of capacity", 0.9 * CAPACITY, 10_000);
        poisson("single rows, 1.5 × capacity", 1.5 * CAPACITY, 10_000);
        poisson("single rows, 3 × capacity", 3 * CAPACITY, 10_000);
        poisson("single rows, 1.5 × capacity, 50 ms patience", 1.5 * CAPACITY, 50);
        poisson("single rows, 3 × capacity, 50 ms patience", 3 * CAPACITY, 50);
        poisson("single rows, 3 × capacity, 100 ms patience", 3 * CAPACITY, 100);
        mixed("1, 8 and 64 rows, half of capacity", 0.5, 10_000);
        mixed("1, 8 and 64 rows, 1.5 × capacity", 1.5, 10_000);
        mixed("1, 8 and 64 rows, 3 × capacity, 20 to 200 ms patience", 3, 0);
        bursts("bursts of 200 single rows every 100 ms");
        admitted("with admission, 3 × capacity", 3, 1, 10_000);
        admitted("with admission, 10 × capacity", 10, 1, 10_000);
        admitted("with admission, 10 × capacity, 50 ms patience", 10, 1, 50);
        slow("5 ms a row, 3 × capacity, no admission", 3, 1, ROWS_ONLY);
        slow("5 ms a row, with admission, 0.9 of capacity", 0.9, 1, ADMISSION);
        slow("5 ms a row, with admission, 3 × capacity", 3, 1, ADMISSION);
        slow("5 ms a row, with admission, 10 × capacity", 10, 1, ADMISSION);
        slow("5 ms a row, 3 × as slow, with admission, 3 × capacity", 3, 3, ADMISSION);
        slow("5 ms a row, 3 × as slow, with admission, 10 × capacity", 10, 3, ADMISSION);

        assertThat(outcomes).allSatisfy(outcome -> {
            assertThat(outcome.wrong()).isZero();
            assertThat(outcome.inOrder()).isTrue();
        });
        Files.createDirectories(WRITTEN.getParent());
        Files.writeString(WRITTEN, report, StandardCharsets.UTF_8);
        assertThat(report)
                .describedAs("differs from " + REPORT + "; the new one is " + WRITTEN)
                .hasToString(Files.readString(REPORT, StandardCharsets.UTF_8));
    }

    private void poisson(String load, double rate, long patienceMillis) {
        single(load, rate, patienceMillis, new BatcherSimulation(SIZES, NANOS, 1, WORKERS, ROWS_ONLY));
    }

    private void admitted(String load, double shareOfCapacity, double slowdown, long patienceMillis) {
        BatcherSimulation simulation = new BatcherSimulation(SIZES, NANOS, slowdown, WORKERS, ADMISSION);
        single(load, shareOfCapacity * CAPACITY, patienceMillis, simulation);
    }

    private void slow(String load, double shareOfCapacity, double slowdown, QueueLimit limit) {
        BatcherSimulation simulation = new BatcherSimulation(SLOW_SIZES, SLOW_NANOS, slowdown, WORKERS, limit);
        single(load, shareOfCapacity * SLOW_CAPACITY / slowdown, 10_000, simulation);
    }

    private void single(String load, double rate, long patienceMillis, BatcherSimulation simulation) {
        Random random = new Random(1);
        int asked = 0;
        for (double at = gap(random, rate); at < 5; at += gap(random, rate)) {
            simulation.arrive((long) (at * SECOND), 1, patienceMillis * MILLI);
            asked++;
        }
        report(load, asked, simulation.run());
    }

    /** Nine of ten requests have one row, the tenth 8 or, one in five of those, 64; patience 0 means 20 to 200 ms. */
    private void mixed(String load, double shareOfCapacity, long patienceMillis) {
        Random random = new Random(2);
        double rate = shareOfCapacity * CAPACITY / (0.9 + 0.08 * 8 + 0.02 * 64);
        BatcherSimulation simulation = new BatcherSimulation(SIZES, NANOS, 1, WORKERS, ROWS_ONLY);
        int asked = 0;
        for (double at = gap(random, rate); at < 5; at += gap(random, rate)) {
            double kind = random.nextDouble();
            int rows = kind < 0.9 ? 1 : kind < 0.98 ? 8 : 64;
            long patience = patienceMillis > 0 ? patienceMillis : 20 + random.nextInt(181);
            simulation.arrive((long) (at * SECOND), rows, patience * MILLI);
            asked += rows;
        }
        report(load, asked, simulation.run());
    }

    private void bursts(String load) {
        BatcherSimulation simulation = new BatcherSimulation(SIZES, NANOS, 1, WORKERS, ROWS_ONLY);
        for (long burst = 0; burst < 50; burst++) {
            for (int i = 0; i < 200; i++) {
                simulation.arrive(burst * 100 * MILLI, 1, 10 * SECOND);
            }
        }
        report(load, 10_000, simulation.run());
    }

    private static double gap(Random random, double rate) {
        return -StrictMath.log(1 - random.nextDouble()) / rate;
    }

    private void report(String load, int asked, Outcome outcome) {
        outcomes.add(outcome);
        report.append(String.format(
                Locale.ROOT,
                "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,.0f | %.1f (%d) | %.1f | %.1f | %.1f | %.1f | %.0f %% |%n",
                load,
                asked,
                outcome.answered(),
                outcome.full(),
                outcome.overdue(),
                outcome.late(),
                outcome.tooLate(),
                outcome.rows() / (outcome.end() / (double) SECOND),
                outcome.meanBatch(),
                outcome.maxBatch(),
                outcome.millis(50),
                outcome.millis(95),
                outcome.millis(99),
                outcome.millis(100),
                100 * outcome.busy()));
    }
}
