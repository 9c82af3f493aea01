package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Series;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant: sessions of ONNX Runtime, which crash the process when they are closed while they run, are closed one
 * after the other under full load, and every question is answered by the version that was leased for it.
 *
 * <p>Ends after a hundred swaps and {@code -Dstorm.seconds} (3): a minute of it is {@code -Dstorm.seconds=60}.
 */
class ClosingStormTest {

    private static final int CALLERS = 6;
    private static final int SWAPS = 100;
    private static final long SECONDS = Long.getLong("storm.seconds", 3);

    @TempDir
    private Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong asked = new AtomicLong();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

    @Test
    void closesSessionsThatRanUntilJustNow() throws Exception {
        try (TestServer testServer = TestServer.of(folder, "good")) {
            Slot slot = testServer.server().models().slot();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(new Thread(() -> call(slot), "caller-" + i));
            }
            callers.forEach(Thread::start);
            List<LiveModel> retired = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();

            while (retired.size() < SWAPS || System.nanoTime() < end) {
                LiveModel live = requireNonNull(slot.live());
                retired.add(live);
                testServer.store().promote("trend", 3 - live.version(), Channel.STABLE);
                TestServer.until("the other version is live", () -> slot.live() != live);
            }
            stop.set(true);
            for (Thread caller : callers) {
                caller.join();
            }

            assertThat(wrong).isEmpty();
            assertThat(asked.get()).isGreaterThan(retired.size());
            for (LiveModel old : retired) {
                TestServer.until(old + " is closed", () -> old.closed().isComplete());
                assertThat(old.leases()).isZero();
            }
        }
    }

    private void call(Slot slot) {
        while (!stop.get()) {
            double level = 1 + asked.incrementAndGet();
            Series series = Series.of(LocalDate.of(2026, 11, 16), level, level, level);
            Request request = new Request(
                    List.of(new SeriesQuestion(series, Attributes.UNKNOWN, null)),
                    System.nanoTime() + Duration.ofSeconds(60).toNanos());
            Lease lease = requireNonNull(slot.lease());
            try (lease) {
                Answer answer = lease.model()
                        .path()
                        .forecaster()
                        .forecast(request)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
                if (!answer.model().equals(lease.model().identity())) {
                    wrong.add(lease.model() + " was leased, " + answer.model() + " answered");
                }
            } catch (ExecutionException | InterruptedException | TimeoutException e) {
                wrong.add("level " + level + ": " + e);
            }
        }
    }
}
