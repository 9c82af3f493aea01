package io.hemline.serving.oip.grpc;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.grpc.common.GrpcStatus;
import java.util.concurrent.TimeUnit;

/**
 * How long calls take, by method and status.
 *
 * <p>Thread-safe: as the registry is.
 */
final class CallTimes {

    private final MeterRegistry meters;

    CallTimes(MeterRegistry meters) {
        this.meters = meters;
    }

    void record(String method, GrpcStatus status, long nanos) {
        Timer.builder("grpc.request.duration")
                .description("Calls over gRPC from the first byte to the status")
                .tag("method", method)
                .tag("status", status.name())
                .register(meters)
                .record(nanos, TimeUnit.NANOSECONDS);
    }
}
