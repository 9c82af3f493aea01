package io.hemline.serving.http;

/**
 * One thing that is wrong with a question.
 *
 * <p>Immutable.
 *
 * @param pointer where, as a JSON Pointer in a URI fragment, such as {@code #/items/1/series/3}; a query counts as an
 *     object of its parameters
 * @param detail a sentence that names the value and the limit
 */
public record Fault(String pointer, String detail) {

    public Fault {
        pointer = Shown.clean(pointer);
        detail = Shown.clean(detail);
    }
}
