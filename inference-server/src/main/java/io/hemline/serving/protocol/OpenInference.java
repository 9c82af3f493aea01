package io.hemline.serving.protocol;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.Action;
import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.JsonBody;
import io.hemline.serving.http.Places;
import io.hemline.serving.http.Problem;
import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.http.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the Open Inference Protocol v2 (REST). Readiness answers both members that clients look for, and 503 when not
 * ready, because balancers understand that; the protocol's own text leaves both open.
 */
public final class OpenInference {

    private static final String NAME = "hemline";
    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";
    private static final String PROBLEM_JSON = "application/problem+json";

    private final TensorModels models;
    private final BooleanSupplier ready;
    private final String serverVersion;

    /**
     * Serves the models.
     *
     * @param models runs them
     * @param ready whether the server answers
     * @param serverVersion what clients are told of the server
     */
    public OpenInference(TensorModels models, BooleanSupplier ready, String serverVersion) {
        this.models = requireNonNull(models, "models");
        this.ready = requireNonNull(ready, "ready");
        this.serverVersion = requireNonNull(serverVersion, "serverVersion");
    }

    /** Everything under {@code /v2}. */
    public List<Resource> resources() {
        List<Resource> resources = new ArrayList<>();
        resources.add(Resource.get("/v2", exchange -> exchange.answer(ProtocolJson.server(NAME, serverVersion))));
        resources.add(Resource.get("/v2/health/live", exchange -> exchange.answer(ProtocolJson.flags("live"))));
        resources.add(Resource.get("/v2/health/ready", guarded(this::readiness)));
        for (String path : List.of(MODEL, VERSION)) {
            boolean versioned = path.equals(VERSION);
            resources.add(Resource.get(path, guarded(exchange -> describe(exchange, version(exchange, versioned)))));
            resources.add(Resource.get(
                    path + "/ready", guarded(exchange -> modelReadiness(exchange, version(exchange, versioned)))));
            resources.add(Resource.post(path + "/infer", exchange -> infer(exchange, version(exchange, versioned))));
        }
        return List.copyOf(resources);
    }

    private void readiness(Exchange exchange) {
        if (!ready.getAsBoolean()) {
            throw new ProblemException(ProblemType.NOT_READY, "No model is live, or the server is about to stop.");
        }
        exchange.answer(ProtocolJson.flags("live", "ready"));
    }

    private void describe(Exchange exchange, @Nullable String version) {
        exchange.answer(ProtocolJson.model(find(exchange.pathParameter("model"), version)));
    }

    private void modelReadiness(Exchange exchange, @Nullable String version) {
        exchange.answer(ProtocolJson.modelReady(
                find(exchange.pathParameter("model"), version).name()));
    }

    private void infer(Exchange exchange, @Nullable String version) {
        JsonBody.read(
                exchange,
                InferRequestReader::read,
                request -> infer(exchange, version, request),
                failure -> refuse(exchange, failure));
    }

    private void infer(Exchange exchange, @Nullable String version, InferRequest request) {
        TensorModel model = find(exchange.pathParameter("model"), version);
        Signature signature = new Signature(model);
        long deadlineNanos = exchange.deadlineNanos(detail -> {
            throw new ProblemException(ProblemType.INVALID, detail);
        });
        exchange.settle(
                models.infer(
                        model.name(),
                        version,
                        signature.inputs(request.inputs()),
                        signature.outputs(request.outputs()),
                        deadlineNanos),
                deadlineNanos,
                inference -> exchange.answer(ProtocolJson.inference(model.name(), request.id(), inference)),
                failure -> refuse(exchange, failure));
    }

    private TensorModel find(String name, @Nullable String version) {
        if (!models.names().contains(name)) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "There is no model \"" + shortened(name) + "\"; there are " + new TreeSet<>(models.names()));
        }
        return models.find(name, version)
                .orElseThrow(() -> version == null
                        ? new ProblemException(ProblemType.NO_MODEL, "No version of " + name + " is live.")
                        : new ProblemException(
                                ProblemType.NOT_FOUND,
                                "Version " + shortened(version) + " of " + name + " is not live."));
    }

    /** Answers what the action throws in the protocol's form. */
    private static Action guarded(Action action) {
        return exchange -> {
            try {
                action.answer(exchange);
            } catch (RuntimeException e) {
                refuse(exchange, e);
            }
        };
    }

    /** Tensors that a model refuses are a bad request here, as in the protocol. */
    private static void refuse(Exchange exchange, Throwable failure) {
        Problem problem = exchange.problemOf(failure, Places.NONE);
        if (problem.type() == ProblemType.INVALID) {
            problem = new Problem(ProblemType.INVALID_TENSORS, problem.detail(), problem.errors());
        }
        String accept = exchange.request().getHeader("Accept");
        boolean knowsProblems = accept != null && accept.contains(PROBLEM_JSON);
        exchange.refuse(problem, knowsProblems ? PROBLEM_JSON : "application/json");
    }

    private static @Nullable String version(Exchange exchange, boolean versioned) {
        return versioned ? exchange.pathParameter("version") : null;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
