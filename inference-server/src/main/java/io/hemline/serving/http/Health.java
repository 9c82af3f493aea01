package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Tells whether the server lives, and whether it can answer: with a live model, and not about to stop. */
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
        return Representation.passing(Representation.JSON, body);
    }
}
