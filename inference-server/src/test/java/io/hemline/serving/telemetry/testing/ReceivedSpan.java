package io.hemline.serving.telemetry.testing;

import java.util.Map;

/**
 * A span as it came over the wire.
 *
 * @param parentId empty for the first of a trace
 * @param start nanoseconds since 1970
 * @param end nanoseconds since 1970
 * @param resource attributes of who sent it
 */
public record ReceivedSpan(
        String traceId,
        String spanId,
        String parentId,
        String name,
        long start,
        long end,
        Map<String, String> attributes,
        Map<String, String> resource) {}
