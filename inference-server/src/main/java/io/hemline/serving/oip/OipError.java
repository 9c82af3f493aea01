package io.hemline.serving.oip;

import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.HeaderFields;
import io.hemline.serving.http.Problem;
import io.hemline.serving.http.Problem.ItemPositions;
import io.hemline.serving.http.Resource;

/** Renders failures in the form of the protocol: a JSON object with an {@code error}. */
final class OipError {

    private static final String PROBLEM_JSON = "application/problem+json";

    private OipError() {}

    /** The action; its exceptions become error responses. */
    static Resource.Action guarded(Resource.Action action) {
        return exchange -> {
            try {
                action.answer(exchange);
            } catch (RuntimeException e) {
                answer(exchange, e);
            }
        };
    }

    /** Answers with a failure, as {@code application/json} unless the client accepts problem documents. */
    static void answer(Exchange exchange, Throwable failure) {
        Problem problem = exchange.problemOf(failure, ItemPositions.NONE).ofTensors();
        String accept = HeaderFields.list(exchange.request().headers(), "Accept");
        boolean knowsProblems = accept != null && accept.contains(PROBLEM_JSON);
        exchange.refuse(problem, knowsProblems ? PROBLEM_JSON : "application/json");
    }
}
