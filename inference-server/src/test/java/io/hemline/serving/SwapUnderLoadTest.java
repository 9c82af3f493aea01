package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The invariant: while versions are swapped under load, the server stays ready and answers every request, with the values
 * of one version; a replaced version is closed after its last response.
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

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void answersEveryRequestWhileVersionsComeAndGo(int loops) throws Exception {
        try (TestServer testServer = TestServer.onLoops(loops, folder, "good")) {
            Slot slot = testServer.server().models().slot();
            ready = () -> testServer.server().ready();
            List<LiveModel> seen = new ArrayList<>();
            List<Thread> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                askers.add(new Thread(() -> ask(testServer), "asker-" + i));
            }
            askers.forEach(Thread::start);

            for (int swap = 0; swap < SWAPS; swap++) {
                LiveModel live = Objects.requireNonNull(slot.live());
                seen.add(live);
                int other = 3 - live.version();
                testServer.store().promote("trend", other, Channel.STABLE);
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
            assertThat(testServer.admin("/metrics").body())
                    .contains("model_swap_total{outcome=\"success\"} " + (SWAPS + 1) + ".0");
        }
    }

    /** Sends series that no request had before, so that no response comes from the cache. */
    private void ask(TestServer testServer) {
        while (!stop.get()) {
            if (!ready.getAsBoolean()) {
                wrong.add("not ready while another version is loaded");
            }
            double level = 1 + next.incrementAndGet();
            String series = level + "," + level + "," + level;
            String body = "{\"items\":[{\"series\":[" + series + "],\"last_week\":\"2026-11-16\"}]}";
            try {
                check(testServer.post("/v1/forecasts", body), level);
            } catch (UncheckedIOException e) {
                wrong.add("level " + level + ": " + e);
            }
        }
    }

    private void check(HttpResponse<String> response, double level) {
        if (response.statusCode() != 200) {
            wrong.add("level " + level + ": " + response.body());
            return;
        }
        String version = response.headers().firstValue("X-Model-Version").orElseThrow();
        versionsSeen.add(version);
        answered.incrementAndGet();
        double expected = level * Objects.requireNonNull(GROWTH.get(version));
        double actual = new JsonObject(response.body())
                .getJsonArray("forecasts")
                .getJsonObject(0)
                .getJsonObject("quantiles")
                .getJsonArray("0.5")
                .getDouble(0);
        if (Math.abs(actual - expected) > 1e-4 * expected) {
            wrong.add("version " + version + " said " + actual + ", not " + expected);
        }
    }
}
