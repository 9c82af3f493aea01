package io.hemline.serving.oip;

import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.ItemPositions;
import io.hemline.serving.http.ListField;
import io.hemline.serving.http.Problem;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.http.ResourceAction;

/** Answers what went wrong in the protocol's form: a JSON object with an {@code error}. */
final class OipError {

    private static final String PROBLEM_JSON = "application/problem+json";

    private OipError() {}

    /** The action, with what it throws as its answer. */
    static ResourceAction guarded(ResourceAction action) {
        return exchange -> {
            try {
                action.answer(exchange);
            } catch (RuntimeException e) {
                answer(exchange, e);
            }
        };
    }

    /** Tensors that a model refuses are a bad request here, as in the protocol. */
    static void answer(Exchange exchange, Throwable failure) {
        Problem problem = exchange.problemOf(failure, ItemPositions.NONE);
        if (problem.type() == ProblemType.INVALID) {
            problem = new Problem(ProblemType.INVALID_TENSORS, problem.detail(), problem.errors());
        }
        String accept = ListField.of(exchange.request().headers(), "Accept");
        boolean knowsProblems = accept != null && accept.contains(PROBLEM_JSON);
        exchange.refuse(problem, knowsProblems ? PROBLEM_JSON : "application/json");
    }
}
