package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

/**
 * Carries a {@link Problem} to the exchange that answers with it. It has no stack trace: a refusal is a normal
 * response.
 */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = requireNonNull(problem, "problem");
    }

    public ProblemException(ProblemType type, String detail) {
        this(Problem.of(type, detail));
    }

    /** The problem that the client sees. */
    public Problem problem() {
        return problem;
    }
}
