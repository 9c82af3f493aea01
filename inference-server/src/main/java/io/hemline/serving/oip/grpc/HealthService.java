package io.hemline.serving.oip.grpc;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.oip.grpc.wire.HealthCheckRequest;
import io.hemline.serving.oip.grpc.wire.HealthCheckResponse;
import io.hemline.serving.oip.grpc.wire.HealthCheckResponse.ServingStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * {@code grpc.health.v1.Health}: whether the server as a whole, by an empty name, and its inference service answer. Both
 * do when a model is live and the server is not about to stop.
 *
 * <p>Thread-safe: one atomic counts those who watch.
 */
final class HealthService {

    /** The one method that answers more than once; {@link HealthWatch} does it. */
    static final String WATCH = "grpc.health.v1.Health/Watch";

    private static final String CHECK = "grpc.health.v1.Health/Check";
    private static final Set<String> SERVICES = Set.of("", "inference.GRPCInferenceService");

    private final BooleanSupplier ready;
    private final BooleanSupplier closing;
    private final AtomicInteger watching;

    HealthService(BooleanSupplier ready, BooleanSupplier closing, MeterRegistry meters) {
        this.ready = requireNonNull(ready, "ready");
        this.closing = requireNonNull(closing, "closing");
        this.watching = requireNonNull(meters.gauge("grpc.health.watching", new AtomicInteger()));
    }

    /** What is asked once, by full name. Balancers ask it, so it is for everyone. */
    Map<String, Method<?>> methods() {
        return Map.of(CHECK, new Method<>(HealthCheckRequest.parser(), this::check).forEveryone());
    }

    private Future<HealthCheckResponse> check(HealthCheckRequest asked, long deadlineNanos) {
        ServingStatus status = status(asked.getService());
        if (status == ServingStatus.SERVICE_UNKNOWN) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is no such service; there are " + SERVICES);
        }
        return Future.succeededFuture(answer(status));
    }

    /** How a service stands now. */
    ServingStatus status(String service) {
        if (!SERVICES.contains(service)) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
        return ready.getAsBoolean() && !closing.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    static HealthCheckResponse answer(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    /** Whether the listener is shut, and nobody may keep it open by watching. */
    boolean closing() {
        return closing.getAsBoolean();
    }

    /** One more watches, or with −1 one less. */
    void watching(int more) {
        watching.addAndGet(more);
    }
}
