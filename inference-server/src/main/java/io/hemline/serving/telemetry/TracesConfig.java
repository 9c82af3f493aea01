package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * The export of traces.
 *
 * <p>Immutable.
 *
 * @param endpoint the URL of an OTLP/HTTP receiver with its path, empty for no traces
 * @param sample the fraction of requests that are traced if the caller sends no {@code traceparent}
 * @param serviceName {@code service.name} of this server
 * @param maxQueue the most spans queued for export; further ones are dropped
 */
public record TracesConfig(String endpoint, double sample, String serviceName, int maxQueue) {

    public TracesConfig {
        requireNonNull(endpoint, "endpoint");
        requireNonNull(serviceName, "serviceName");
        require(
                endpoint.isEmpty() || endpoint.matches("https?://[^/\\s]+/\\S+"),
                "endpoint: empty, or a URL with its path such as http://127.0.0.1:4318/v1/traces, not " + endpoint);
        require(sample >= 0 && sample <= 1, "sample: 0 to 1, not " + sample);
        require(!serviceName.isBlank(), "serviceName: a name, not blank");
        require(maxQueue >= 1 && maxQueue <= 1_000_000, "maxQueue: 1 to 1000000 spans, not " + maxQueue);
    }

    /** No traces; all requests are sampled once an endpoint is set. */
    public static TracesConfig defaults() {
        return new TracesConfig("", 1, "hemline", 4096);
    }

    boolean on() {
        return !endpoint.isEmpty();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
