package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * Where spans are sent.
 *
 * @param endpoint the whole URL of an OTLP receiver over HTTP, empty for no traces
 * @param sample the share of requests that are traced where the caller does not say
 * @param serviceName the name of this server in traces
 * @param maxQueue the most spans that wait to be sent
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

    /** No traces; and if they are sent, all of them. */
    public static TracesConfig defaults() {
        return new TracesConfig("", 1, "hemline", 4096);
    }

    /** Whether there are traces at all. */
    boolean on() {
        return !endpoint.isEmpty();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
