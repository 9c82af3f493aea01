package io.hemline.serving.core;

import java.util.List;

/**
 * What one caller wants to know at once: up to 64 questions that share a model version and a deadline.
 *
 * <p>Immutable.
 *
 * @param questions asked in this order, answered in this order
 * @param deadlineNanos the {@link System#nanoTime} after which nobody waits for the answer
 * @param stages where the stages of its way are noted
 */
public record Request(List<Question> questions, long deadlineNanos, Stages stages) {

    public Request {
        questions = List.copyOf(questions);
        if (questions.isEmpty()) {
            throw new IllegalArgumentException("questions: a request needs at least one");
        }
    }

    /** What somebody asks whose way nobody times. */
    public Request(List<Question> questions, long deadlineNanos) {
        this(questions, deadlineNanos, Stages.NONE);
    }

    /** The same request, asking something else. */
    public Request asking(List<Question> others) {
        return new Request(others, deadlineNanos, stages);
    }

    /** The same request, its way timed. */
    public Request timedBy(Stages own) {
        return new Request(questions, deadlineNanos, own);
    }
}
