package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The invariants: whatever is swapped while answers come from memory, each answer is one version's, byte for byte what
 * that version says without a memory; and who has seen a swap never sees the version before it again.
 */
class AnswersUnderSwapTest {

    private static final int SWAPS = 12;
    private static final int ASKERS = 3;
    private static final List<String> TARGETS = List.of(
            "/predict?hashtags=wideleg&market=vn",
            "/predict?hashtags=CARGO,%23wideleg",
            "/v1/forecasts?hashtags=wideleg,cargo&market=us");

    @TempDir
    private Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final AtomicInteger hits = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void neverMixesVersionsNorGoesBack(int loops) throws Exception {
        try (TestServer testServer = TestServer.onLoops(loops, folder, "good")) {
            List<Thread> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                String target = TARGETS.get(i);
                askers.add(new Thread(() -> ask(testServer, target), "asker-" + i));
            }
            askers.forEach(Thread::start);

            for (int swap = 0; swap < SWAPS; swap++) {
                swap(testServer);
            }
            stop.set(true);
            for (Thread asker : askers) {
                asker.join();
            }

            assertThat(wrong).isEmpty();
            assertThat(hits.get()).isPositive();
        }
    }

    @Test
    void answersFromMemoryRightAfterASwapToANewerVersion() throws Exception {
        try (TestServer testServer = TestServer.of(folder, "good")) {
            toVersion(testServer, 1);
            TARGETS.forEach(testServer::get);

            toVersion(testServer, 2);

            for (String target : TARGETS) {
                HttpResponse<String> answer = testServer.get(target);
                assertThat(header(answer, "X-Model-Version")).isEqualTo("2");
                assertThat(header(answer, "Cache-Status")).startsWith("hemline; hit");
            }
            JsonObject cache = testServer.version(2).getJsonObject("cache");
            assertThat(cache.getLong("hits")).isPositive();
            assertThat(cache.getLong("bytes")).isPositive();
        }
    }

    private void ask(TestServer testServer, String target) {
        String last = "";
        int changes = 0;
        while (!stop.get()) {
            HttpResponse<String> answer = testServer.get(target);
            String version = header(answer, "X-Model-Version");
            changes += version.equals(last) ? 0 : 1;
            last = version;
            if (header(answer, "Cache-Status").startsWith("hemline; hit")) {
                hits.incrementAndGet();
            }
            String before = bodies.putIfAbsent(version + " " + target, answer.body());
            if (before != null && !before.equals(answer.body())) {
                wrong.add("version " + version + " said " + answer.body() + " after " + before);
            }
            if (!answer.body().contains("version\":\"" + version + "\"")) {
                wrong.add("version " + version + " answered " + answer.body());
            }
        }
        if (changes > SWAPS + 1) {
            wrong.add(target + " changed its version " + changes + " times");
        }
    }

    private static void swap(TestServer testServer) throws InterruptedException {
        LiveModel live =
                Objects.requireNonNull(testServer.server().models().slot().live());
        toVersion(testServer, 3 - live.version());
    }

    private static void toVersion(TestServer testServer, int version) throws InterruptedException {
        testServer.store().promote("trend", version, Channel.STABLE);
        TestServer.until(
                "version " + version + " is live",
                () -> Objects.requireNonNull(testServer.server().models().slot().live())
                                .version()
                        == version);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }
}
