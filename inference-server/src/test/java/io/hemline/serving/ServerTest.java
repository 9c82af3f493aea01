package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.admin.AdminConfig;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.testing.House;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {

    private static final int ASKERS = 6;

    @TempDir
    private Path folder;

    @Test
    void saysWhichAddressIsTaken() throws Exception {
        House.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        ServerConfig config = House.config(folder);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerConfig clashing =
                    changed(config, Map.of("admin", new AdminConfig("127.0.0.1", taken.getLocalPort())));

            assertThatThrownBy(() -> Server.start(clashing).close())
                    .isInstanceOf(StartFailed.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the port is in use, or the address is not of this machine");
        }
    }

    @Test
    void saysWhichSnapshotIsMissing() throws Exception {
        ServerConfig config = House.config(folder);
        Path nowhere = folder.resolve("nowhere.jsonl.gz");
        ServerConfig without = changed(config, Map.of("features", FeaturesConfig.ofSnapshot(nowhere)));

        assertThatThrownBy(() -> Server.start(without).close()).hasMessage(nowhere + ": there is no such file");
    }

    @Test
    void finishesTheRunningRequestsBeforeItEnds() throws Exception {
        House house = House.of(folder, "good");
        List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < ASKERS; i++) {
            String body = manySeries(i);
            askers.add(new Thread(
                    () -> answers.add(house.post("/v1/forecasts", body).statusCode())));
        }
        askers.forEach(Thread::start);
        House.until(
                "all requests have come",
                () -> house.admin("/metrics").body().contains("result=\"miss\"} " + 64 * ASKERS + ".0"));

        house.close();

        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(answers).hasSize(ASKERS).containsOnly(200);
        assertThat(house.server().ready()).isFalse();
    }

    @Test
    void isNotReadyFirstAndStillAnswersForAWhileWhenItIsToldToStop() throws Exception {
        House.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        House house = House.with(folder, House.config(folder, Duration.ofHours(1)));
        StopSignal stop = new StopSignal();
        Thread serving = new Thread(() -> {
            try {
                house.server().serveUntil(stop);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        serving.start();
        assertThat(house.get("/health/ready").statusCode()).isEqualTo(200);

        stop.give();
        House.until("it is not ready", () -> house.get("/health/ready").statusCode() == 503);

        HttpResponse<String> answered = house.post("/v1/forecasts", manySeries(1));
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.headers().firstValue("Connection")).hasValue("close");
        assertThat(house.get("/health/live").statusCode()).isEqualTo(200);
        serving.interrupt();
        serving.join();
        house.close();
    }

    private static String manySeries(int seed) {
        return IntStream.range(0, 64)
                .mapToObj(item -> "{\"series\":[" + seed + "," + item + ",3],\"last_week\":\"2026-11-16\"}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }
}
