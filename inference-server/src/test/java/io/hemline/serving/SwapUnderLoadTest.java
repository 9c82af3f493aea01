package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Responder;
import io.hemline.serving.core.Series;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.ModelState;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.testing.Responses;
import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The invariant: whatever is swapped while questions are asked, the server is ready, every question is answered, by one version, with that
 * version's values; and what was swapped out is closed when its last answer is out.
 */
class SwapUnderLoadTest {

    private static final int SWAPS = 20;
    private static final int ASKERS = 4;
    private static final Map<String, Double> GROWTH = Map.of("1", 1.1, "2", 0.8);

    @TempDir
    private Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong next = new AtomicLong();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> versionsSeen = ConcurrentHashMap.newKeySet();
    private final AtomicLong answered = new AtomicLong();
    private volatile BooleanSupplier ready = () -> true;

    @Test
    void answersEveryQuestionWhileVersionsComeAndGo() throws Exception {
        try (TestServer house = TestServer.of(folder, "good")) {
            Slot slot = house.server().models().slot();
            ready = () -> house.server().ready();
            List<LiveModel> seen = new ArrayList<>();
            Responder entry = house.server().entry();
            List<Thread> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                askers.add(new Thread(() -> ask(entry), "asker-" + i));
            }
            askers.forEach(Thread::start);

            for (int swap = 0; swap < SWAPS; swap++) {
                LiveModel live = Objects.requireNonNull(slot.live());
                seen.add(live);
                int other = 3 - live.version();
                house.store().promote("trend", other, Channel.STABLE);
                TestServer.until(
                        "version " + other + " is live",
                        () -> Objects.requireNonNull(slot.live()).version() == other);
            }
            stop.set(true);
            for (Thread asker : askers) {
                asker.join();
            }

            assertThat(wrong).isEmpty();
            assertThat(versionsSeen).containsExactlyInAnyOrder("1", "2");
            assertThat(answered.get()).isGreaterThan(SWAPS);
            for (LiveModel old : seen) {
                TestServer.until("the sessions are closed", () -> old.closed().isComplete());
                assertThat(old.lifecycle().moment().state()).isEqualTo(ModelState.CLOSED);
                assertThat(old.leases()).isZero();
            }
            assertThat(Objects.requireNonNull(slot.live()).leases()).isZero();
            assertThat(house.admin("/metrics").body())
                    .contains("model_swap_total{outcome=\"success\"} " + (SWAPS + 1) + ".0");
        }
    }

    /** Asks what nobody asked before, so that no answer comes from the cache. */
    private void ask(Responder entry) {
        while (!stop.get()) {
            if (!ready.getAsBoolean()) {
                wrong.add("not ready while another version is loaded");
            }
            double level = 1 + next.incrementAndGet();
            Series series = Series.of(LocalDate.of(2026, 11, 16), level, level, level);
            Request request = new Request(
                    List.of(new SeriesQuestion(series, Attributes.UNKNOWN, null)),
                    System.nanoTime() + Duration.ofSeconds(10).toNanos());
            try {
                check(
                        Responses.answer(entry, request)
                                .toCompletionStage()
                                .toCompletableFuture()
                                .get(20, TimeUnit.SECONDS),
                        level);
            } catch (ExecutionException | InterruptedException | TimeoutException e) {
                wrong.add("level " + level + ": " + e);
            }
        }
    }

    private void check(Answer answer, double level) {
        String version = answer.model().version();
        versionsSeen.add(version);
        answered.incrementAndGet();
        double expected = level * Objects.requireNonNull(GROWTH.get(version));
        double actual = answer.forecasts().get(0).quantiles()[0][1];
        if (Math.abs(actual - expected) > 1e-4 * expected) {
            wrong.add("version " + version + " said " + actual + ", not " + expected);
        }
    }
}
