package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of the store, the live version answers on, {@code /models} says why, and the end of the fault is enough. */
class StoreFaultsTest {

    @TempDir
    private Path folder;

    private TestServer testServer;
    private Path store;

    @BeforeEach
    void open() throws Exception {
        testServer = TestServer.of(folder, "good");
        store = folder.resolve("store");
    }

    @AfterEach
    void close() {
        testServer.close();
    }

    @Test
    void theStoreIsDeleted() throws Exception {
        Path aside = folder.resolve("aside");
        Files.move(store, aside);

        answersOn("there is no folder");
        assertThat(testServer.version(1).getString("state")).isEqualTo("live");

        Files.move(aside, store);
        recovers();
    }

    @Test
    void thePointerIsGarbledOrEmpty() throws Exception {
        for (String garbage : List.of("", "two\n", "2\n1\n", "\0\0\0")) {
            Files.writeString(pointer(), garbage);

            // Each complaint names what it is about: the one before would do for a look that never happened.
            answersOn("must hold one version number, holds \"" + garbage.replace("\n", "\\n") + "\"");
        }
        recovers();
    }

    @Test
    void thePointerIsDeleted() throws Exception {
        Files.delete(pointer());

        answersOn("is not set");
        recovers();
    }

    @Test
    void thePointerNamesNothing() throws Exception {
        TestServer.point(folder, 99);
        TestServer.until("version 99 has failed", () -> failed(99));

        assertThat(model().getString("wished")).isEqualTo("99");
        assertThat(testServer.version(99).getString("reason")).contains("there is no folder");
        answersOn();

        TestServer.addVersion(folder, "good", 2, 99);
        TestServer.until("version 99 is live", () -> live() == 99);
    }

    @Test
    void aVersionIsHalfCopied() throws Exception {
        Path whole = store.resolve("trend/versions/2/forecaster.onnx");
        byte[] graph = Files.readAllBytes(whole);
        Files.write(whole, List.of());
        TestServer.point(folder, 2);
        TestServer.until("version 2 has failed", () -> failed(2));

        assertThat(testServer.version(2).getString("reason")).contains("forecaster.onnx");
        answersOn();

        Files.write(whole, graph);
        TestServer.until("version 2 is live", () -> live() == 2);
    }

    @Test
    void theStoreMayOnlyBeRead() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()),
                "no disk to test with: mounting one takes root on Linux");
        try {
            TestServer.copy(store, disk.resolve("store"));
            try (TestServer other = TestServer.over(disk)) {
                assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();

                var refused = other.admin("/models/trend/promote", "{\"version\":\"2\"}");

                assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
                assertThat(refused.body()).contains("Read-only");
                assertThat(answered(other)).isEqualTo("1");

                assertThat(run("mount", "-o", "remount,rw", disk.toString())).isTrue();
                other.admin("/models/trend/promote", "{\"version\":\"2\"}");
                TestServer.until("version 2 answers", () -> "2".equals(answered(other)));
            }
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    @Test
    void isReadyWhileAnotherVersionIsLoaded() throws Exception {
        List<Integer> codes = new ArrayList<>();
        testServer.store().promote("trend", 2, Channel.STABLE);

        TestServer.until("version 2 is live", () -> {
            codes.add(testServer.get("/health/ready").statusCode());
            return live() == 2;
        });

        assertThat(codes).containsOnly(200);
    }

    /** Asserts that version 1 answers, and that the listing gives the reason. */
    private void answersOn(String complaint) throws InterruptedException {
        TestServer.until(
                "listed: " + complaint, () -> model().getString("complaint", "").contains(complaint));
        answersOn();
    }

    private void answersOn() {
        assertThat(answered(testServer)).isEqualTo("1");
        assertThat(model().getString("live")).isEqualTo("1");
        assertThat(testServer.get("/health/ready").statusCode()).isEqualTo(200);
    }

    /** That a promotion takes effect and that nothing is complained of any more. */
    private void recovers() throws InterruptedException {
        testServer.store().promote("trend", 2, Channel.STABLE);
        TestServer.until("version 2 is live", () -> live() == 2);
        TestServer.until("all is well", () -> model().getString("complaint") == null);
        assertThat(answered(testServer)).isEqualTo("2");
    }

    private Path pointer() {
        return store.resolve("trend/channels/stable");
    }

    private JsonObject model() {
        return new JsonObject(testServer.admin("/models").body())
                .getJsonArray("models")
                .getJsonObject(0);
    }

    private boolean failed(int version) {
        return model().getJsonArray("versions").stream()
                .map(JsonObject.class::cast)
                .anyMatch(each -> each.getString("version").equals(Integer.toString(version))
                        && each.getString("state").equals("failed"));
    }

    private int live() {
        return Objects.requireNonNull(testServer.server().models().slot().live())
                .version();
    }

    private static String answered(TestServer testServer) {
        return testServer
                .get("/v1/forecasts?hashtags=cargo")
                .headers()
                .firstValue("X-Model-Version")
                .orElse("nobody");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
