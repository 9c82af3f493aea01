package io.hemline.serving.forecast;

import java.util.List;

/**
 * What one caller wants to know at once: up to 64 questions that share a model version and a deadline.
 *
 * <p>Immutable.
 *
 * @param questions asked in this order, answered in this order
 * @param deadlineNanos the {@link System#nanoTime} after which nobody waits for the answer
 */
public record Request(List<Question> questions, long deadlineNanos) {

    public Request {
        questions = List.copyOf(questions);
        if (questions.isEmpty()) {
            throw new IllegalArgumentException("questions: a request needs at least one");
        }
    }

    /** The same request, asking something else. */
    public Request asking(List<Question> others) {
        return new Request(others, deadlineNanos);
    }
}
