package io.hemline.serving.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class ProcessMetersTest {

    @Test
    void registersUsageAndLimitsUnderPrometheusNames() {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        ProcessMeters.register(meters);
        String scrape = meters.scrape();

        assertThat(value(scrape, "process_cpu_seconds_total")).isPositive();
        assertThat(value(scrape, "process_cpus")).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(value(scrape, "process_resident_memory_bytes"))
                .isGreaterThan(1e6)
                .isLessThan(value(scrape, "process_memory_limit_bytes"));
    }

    @Test
    void readsTheResidentMemoryAndReportsNanIfItIsMissing() {
        String status = "Name:\tjava\nVmHWM:\t  9 kB\nVmRSS:\t  123456 kB\n";

        double present = ProcessMeters.residentBytes(status);
        double missing = ProcessMeters.residentBytes("Name:\tjava\n");

        assertThat(present).isEqualTo(123456 * 1024.0);
        assertThat(missing).isNaN();
    }

    private static double value(String scrape, String name) {
        return scrape.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in\n" + scrape));
    }
}
