package io.hemline.serving.http;

/**
 * One thing that is wrong with a question.
 *
 * <p>Immutable.
 *
 * @param pointer where, as a JSON JsonPointer in a URI fragment, such as {@code #/items/1/series/3}; a query counts as an
 *     object of its parameters
 * @param detail a sentence that names the value and the limit
 */
public record InvalidField(String pointer, String detail) {

    public InvalidField {
        pointer = SafeText.clean(pointer);
        detail = SafeText.clean(detail);
    }
}
