package io.hemline.serving.telemetry;

/**
 * Whether requests and models are counted and timed.
 *
 * @param enabled without, meters do nothing and {@code /metrics} is empty
 */
public record MetricsConfig(boolean enabled) {

    /** They are. */
    public static MetricsConfig defaults() {
        return new MetricsConfig(true);
    }
}
