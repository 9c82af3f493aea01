package io.hemline.serving.telemetry;

import io.opentelemetry.sdk.trace.IdGenerator;

/**
 * Span ids by chance, and the trace id that the request has in the access log already.
 *
 * <p>Thread-safe: each thread has a trace id of its own.
 */
final class RequestIds implements IdGenerator {

    private final IdGenerator chance = IdGenerator.random();
    private final ThreadLocal<String> next = ThreadLocal.withInitial(chance::generateTraceId);

    /** The next trace that this thread begins has that id. */
    void use(String traceId) {
        next.set(traceId);
    }

    @Override
    public String generateSpanId() {
        return chance.generateSpanId();
    }

    @Override
    public String generateTraceId() {
        return next.get();
    }
}
