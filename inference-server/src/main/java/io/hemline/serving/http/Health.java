package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Liveness and readiness of the server. It is ready with a live and warm model, until it stops.
 *
 * <p>Immutable.
 */
public final class Health {

    private static final Representation LIVE = status("live");
    private static final Representation READY = status("ready");

    private final BooleanSupplier ready;

    public Health(BooleanSupplier ready) {
        this.ready = requireNonNull(ready, "ready");
    }

    public List<Resource> resources() {
        return List.of(
                Resource.get("/health/live", exchange -> exchange.answer(LIVE)).withoutAuthentication(),
                Resource.get("/health/ready", this::readiness).withoutAuthentication());
    }

    private void readiness(Exchange exchange) {
        if (ready.getAsBoolean()) {
            exchange.answer(READY);
            return;
        }
        exchange.refuse(
                Problem.of(ProblemType.NOT_READY, "No model is live and warm, or the server is about to stop."));
    }

    private static Representation status(String word) {
        byte[] body = ("{\"status\":\"" + word + "\"}").getBytes(StandardCharsets.UTF_8);
        return Representation.uncacheable(Representation.JSON, body);
    }
}
