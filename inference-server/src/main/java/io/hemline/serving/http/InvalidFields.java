package io.hemline.serving.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects everything that is wrong with a question, so that its author learns it all at once. Keeps the first 100 and
 * counts the rest.
 *
 * <p>Confined to one thread at a time: the event loop, or the worker that reads a large body for it.
 */
public final class InvalidFields {

    public static final int MAX_LISTED = 100;

    private final List<InvalidField> listed = new ArrayList<>(0);
    private int count;
    private boolean notJson;

    /** Adds one fault. */
    public void add(String pointer, String detail) {
        count++;
        if (listed.size() < MAX_LISTED) {
            listed.add(new InvalidField(pointer, detail));
        }
    }

    /** Says that one of the faults is a word that JSON does not have, such as {@code NaN}. */
    void markNotJson() {
        notJson = true;
    }

    public int count() {
        return count;
    }

    /** Goes on only if nothing was wrong. */
    public void throwIfAny() {
        if (count > 0) {
            throw new ProblemException(toProblem());
        }
    }

    private Problem toProblem() {
        ProblemType type = notJson ? ProblemType.NOT_JSON : ProblemType.INVALID;
        InvalidField first = listed.get(0);
        String detail = first.pointer() + ": " + first.detail();
        if (count > 1) {
            detail += "; and " + (count - 1) + " more";
        }
        return new Problem(type, detail, listed);
    }
}
