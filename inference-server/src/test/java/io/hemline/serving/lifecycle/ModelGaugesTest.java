package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ModelGaugesTest {

    private static final int VERSIONS = 3000;

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ModelGauges gauges = new ModelGauges(meters, "trend", new Slot(false));

    @Test
    void canBeScrapedWhileVersionsChange() throws Exception {
        ExecutorService scraper = Executors.newSingleThreadExecutor();
        AtomicBoolean stop = new AtomicBoolean();
        Future<Integer> scrapes = scraper.submit(() -> {
            int count = 0;
            while (!stop.get()) {
                meters.scrape();
                count++;
            }
            return count;
        });

        VersionLifecycle staying = new VersionLifecycle(1, () -> {});
        staying.enter(ModelState.LIVE);
        for (int version = 2; version <= VERSIONS; version++) {
            gauges.refresh(Map.of(1, staying, version, new VersionLifecycle(version, () -> {})));
            gauges.refresh(Map.of(1, staying));
        }
        stop.set(true);
        scraper.shutdown();

        assertThat(scrapes.get()).isPositive();
        assertThat(meters.scrape()).contains("version=\"1\"} 1.0").doesNotContain("version=\"3000\"");
    }
}
