package io.hemline.serving.core;

import java.util.List;

/**
 * The questions of one request, up to 64, that share a model version and a deadline.
 *
 * <p>Immutable.
 *
 * @param questions in the order of their answers
 * @param deadlineNanos the {@link System#nanoTime} after which the client does not wait any more
 * @param stages times the stages of the request
 */
public record Request(List<Question> questions, long deadlineNanos, Stages stages) {

    public Request {
        questions = List.copyOf(questions);
        if (questions.isEmpty()) {
            throw new IllegalArgumentException("questions: a request needs at least one");
        }
    }

    /** A request whose stages are not timed. */
    public Request(List<Question> questions, long deadlineNanos) {
        this(questions, deadlineNanos, Stages.NONE);
    }

    /** The same request with other questions. */
    public Request asking(List<Question> others) {
        return new Request(others, deadlineNanos, stages);
    }
}
