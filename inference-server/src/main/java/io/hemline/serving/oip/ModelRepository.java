package io.hemline.serving.oip;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.HeaderFields;
import io.hemline.serving.http.JsonBody;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.http.Resource;
import io.hemline.serving.http.StrictJson;
import io.hemline.store.TensorJson;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves the extensions {@code model_repository}, of which the index alone is public, and {@code statistics}. No
 * request reads the store.
 *
 * <p>Immutable.
 */
final class ModelRepository {

    private static final String MODEL = "/v2/models/{model}";

    private final CheckedModels models;

    ModelRepository(CheckedModels models) {
        this.models = requireNonNull(models, "models");
    }

    List<Resource> resources() {
        return List.of(
                Resource.post("/v2/repository/index", this::index),
                Resource.get("/v2/models/stats", OipError.guarded(exchange -> statistics(exchange, null, null))),
                Resource.get(
                        MODEL + "/stats",
                        OipError.guarded(exchange -> statistics(exchange, exchange.pathParameter("model"), null))),
                Resource.get(
                        MODEL + "/versions/{version}/stats",
                        OipError.guarded(exchange -> statistics(
                                exchange, exchange.pathParameter("model"), exchange.pathParameter("version")))));
    }

    private void index(Exchange exchange) {
        String encoding = HeaderFields.list(exchange.request().headers(), "Content-Encoding");
        int max = exchange.config().maxBody();
        JsonBody.read(
                exchange,
                InferRequestBody::refusal,
                body -> readyOnly(ContentDecoding.decode(body, encoding, max)),
                readyOnly -> exchange.answer(OipJson.index(models.index(readyOnly))),
                failure -> OipError.answer(exchange, failure));
    }

    private void statistics(Exchange exchange, @Nullable String model, @Nullable String version) {
        exchange.answer(OipJson.statistics(models.statistics(model, version)));
    }

    /** Whether the ready versions alone are requested; an empty body requests all. */
    private static boolean readyOnly(byte[] body) {
        if (body.length == 0) {
            return false;
        }
        return StrictJson.read(TensorJson.FACTORY, body, body.length, ModelRepository::readReady);
    }

    private static boolean readReady(JsonParser parser) throws IOException {
        boolean ready = false;
        require(parser.hasToken(JsonToken.START_OBJECT), "The body must be an object, or empty.");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            require(parser.currentName().equals("ready"), "The body may have the member ready, no other.");
            JsonToken value = parser.nextToken();
            require(value.isBoolean() || value == JsonToken.VALUE_NULL, "ready must be true or false.");
            ready = value == JsonToken.VALUE_TRUE;
        }
        return ready;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new ProblemException(ProblemType.INVALID_TENSORS, message);
        }
    }
}
