package io.hemline.serving.oip.grpc;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.Problem.ProblemException;
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
 * {@code grpc.health.v1.Health}: the health of the server as a whole, by an empty name, and of its inference service.
 * Both serve when a model is live and the server is not stopping.
 *
 * <p>Thread-safe: the count of watches is atomic.
 */
final class HealthService {

    /** The streaming method, which {@link HealthWatch} answers. */
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

    /** The unary methods by full name. Load balancers call them without credentials. */
    Map<String, Method<?>> methods() {
        return Map.of(CHECK, new Method<>(HealthCheckRequest.parser(), this::check).withoutAuthentication());
    }

    private Future<HealthCheckResponse> check(HealthCheckRequest request, long deadlineNanos) {
        ServingStatus status = status(request.getService());
        if (status == ServingStatus.SERVICE_UNKNOWN) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is no such service; there are " + SERVICES);
        }
        return Future.succeededFuture(answer(status));
    }

    /** The current status of a service. */
    ServingStatus status(String service) {
        if (!SERVICES.contains(service)) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
        return ready.getAsBoolean() && !closing.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    static HealthCheckResponse answer(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    /** Whether the listener is closing, which ends all watches. */
    boolean closing() {
        return closing.getAsBoolean();
    }

    /** Changes the number of watches. */
    void watching(int more) {
        watching.addAndGet(more);
    }
}
