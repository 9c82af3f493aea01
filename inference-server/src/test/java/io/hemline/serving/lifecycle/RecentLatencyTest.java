package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentLatencyTest {

    private final AtomicLong now = new AtomicLong();
    private final RecentLatency latency = new RecentLatency(now::get);

    @Test
    void givesThePercentilesOfTheLastMinute() {
        for (int i = 1; i <= 100; i++) {
            latency.record(Duration.ofMillis(i).toNanos());
        }

        assertThat(latency.lastMinute().getTotalCount()).isEqualTo(100);
        assertThat(latency.lastMinute().getValueAtPercentile(50)).isBetween(49_000L, 51_000L);
    }

    @Test
    void dropsOlderLatencies() {
        latency.record(1000);
        for (int second = 0; second < 80; second += 5) {
            now.addAndGet(Duration.ofSeconds(5).toNanos());
            latency.record(2000);
        }

        assertThat(latency.lastMinute().getTotalCount()).isBetween(10L, 15L);

        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(latency.lastMinute().getTotalCount()).isZero();
    }
}
