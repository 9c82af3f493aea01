package io.hemline.serving.http;

/** What a resource does when it is asked with one method. Runs on the event loop and never blocks. */
@FunctionalInterface
public interface ResourceAction {

    /** Answers now or later; a thrown {@link ProblemException} becomes the answer. */
    void answer(Exchange exchange);
}
