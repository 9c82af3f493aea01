package io.hemline.serving.oip;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.HeaderFields;
import io.hemline.serving.http.JsonBody;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.http.Resource;
import io.hemline.serving.tensors.TensorModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the Open Inference Protocol v2 over REST. Readiness has both members that clients read, and 503 when not
 * ready, for load balancers; the protocol specifies neither.
 *
 * <p>Immutable.
 */
public final class OpenInference {

    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";

    private final CheckedModels models;
    private final BooleanSupplier ready;
    private final ServerIdentity server;

    /**
     * Serves models.
     *
     * @param models the models
     * @param ready whether the server is ready
     * @param server the server metadata
     */
    public OpenInference(CheckedModels models, BooleanSupplier ready, ServerIdentity server) {
        this.models = requireNonNull(models, "models");
        this.ready = requireNonNull(ready, "ready");
        this.server = requireNonNull(server, "server");
    }

    /** Everything under {@code /v2}. */
    public List<Resource> resources() {
        List<Resource> resources = new ArrayList<>(new ModelRepository(models).resources());
        resources.add(Resource.get("/v2", exchange -> exchange.answer(OipJson.server(server))));
        resources.add(Resource.get("/v2/health/live", exchange -> exchange.answer(OipJson.flags("live")))
                .withoutAuthentication());
        resources.add(Resource.get("/v2/health/ready", OipError.guarded(this::readiness))
                .withoutAuthentication());
        for (String path : List.of(MODEL, VERSION)) {
            boolean versioned = path.equals(VERSION);
            resources.add(Resource.get(
                    path, OipError.guarded(exchange -> describe(exchange, version(exchange, versioned)))));
            resources.add(Resource.get(
                    path + "/ready",
                    OipError.guarded(exchange -> modelReadiness(exchange, version(exchange, versioned)))));
            resources.add(Resource.post(path + "/infer", exchange -> infer(exchange, version(exchange, versioned))));
        }
        return List.copyOf(resources);
    }

    private void readiness(Exchange exchange) {
        if (!ready.getAsBoolean()) {
            throw new ProblemException(ProblemType.NOT_READY, "No model is live, or the server is about to stop.");
        }
        exchange.answer(OipJson.flags("live", "ready"));
    }

    private void describe(Exchange exchange, @Nullable String version) {
        exchange.answer(OipJson.model(models.find(exchange.pathParameter("model"), version)));
    }

    private void modelReadiness(Exchange exchange, @Nullable String version) {
        exchange.answer(OipJson.modelReady(
                models.find(exchange.pathParameter("model"), version).name()));
    }

    private void infer(Exchange exchange, @Nullable String version) {
        String model = exchange.pathParameter("model");
        String encoding = HeaderFields.list(exchange.request().headers(), "Content-Encoding");
        String jsonLength = exchange.request().getHeader(InferRequestBody.JSON_LENGTH);
        int max = exchange.config().maxBody();
        JsonBody.read(
                exchange,
                InferRequestBody::refusal,
                body -> InferRequestBody.read(
                        ContentDecoding.decode(body, encoding, max), jsonLength, models.find(model, version)),
                request -> infer(exchange, models.find(model, version), version, request),
                failure -> OipError.answer(exchange, failure));
    }

    private void infer(Exchange exchange, TensorModel model, @Nullable String version, InferRequest request) {
        long deadlineNanos = deadlineNanos(exchange, request);
        exchange.settle(
                models.infer(model, version, request.inputs(), request.outputNames(), deadlineNanos),
                deadlineNanos,
                inference -> exchange.answerWritten(
                        () -> InferenceWriter.write(model.name(), request, inference),
                        InferenceWriter.bytes(request, inference)),
                failure -> OipError.answer(exchange, failure));
    }

    /** The earlier of the deadlines of the header and of the parameter. */
    private static long deadlineNanos(Exchange exchange, InferRequest request) {
        long granted = exchange.deadlineNanos(detail -> {
            throw new ProblemException(ProblemType.INVALID, detail);
        });
        if (request.timeoutMicros() == 0) {
            return granted;
        }
        long now = System.nanoTime();
        return now + Math.min(granted - now, TimeUnit.MICROSECONDS.toNanos(request.timeoutMicros()));
    }

    private static @Nullable String version(Exchange exchange, boolean versioned) {
        return versioned ? exchange.pathParameter("version") : null;
    }
}
