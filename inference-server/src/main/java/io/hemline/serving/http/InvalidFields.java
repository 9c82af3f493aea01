package io.hemline.serving.http;

import io.hemline.serving.http.Problem.InvalidField;
import io.hemline.serving.http.Problem.ProblemException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the invalid fields of a request, so that one response names them all. Keeps the first 100 and counts the
 * rest.
 *
 * <p>Confined to one thread at a time: the event loop, or the worker that reads a large body for it.
 */
public final class InvalidFields {

    public static final int MAX_LISTED = 100;

    private final List<InvalidField> listed = new ArrayList<>(0);
    private int count;
    private boolean notJson;

    /** Adds an invalid field. */
    public void add(String pointer, String detail) {
        count++;
        if (listed.size() < MAX_LISTED) {
            listed.add(new InvalidField(pointer, detail));
        }
    }

    /** Marks the body as not JSON, for a literal that JSON does not have, such as {@code NaN}. */
    void markNotJson() {
        notJson = true;
    }

    public int count() {
        return count;
    }

    /** Throws a {@link ProblemException} if any field is invalid. */
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
