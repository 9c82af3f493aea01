package io.hemline.serving.http;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.http.Problem.InvalidField;
import java.util.List;

/** The positions of a request's items as JSON Pointers, for errors that are found after parsing. */
@FunctionalInterface
public interface ItemPositions {

    /** The request as a whole, without items. */
    ItemPositions NONE = (question, field) -> JsonPointer.ROOT;

    /** The members of {@code items}. */
    ItemPositions ITEMS = (question, field) -> JsonPointer.element("#/items", question) + field;

    /** The JSON Pointer of a field of an item; fields are JSON Pointers below the item, such as {@code /market}. */
    String pointer(int question, String field);

    /** The members of a list of hashtags with one market for all. */
    static ItemPositions hashtags(int[] asked) {
        return (question, field) ->
                field.equals("/market") ? "#/market" : JsonPointer.element("#/hashtags", asked[question]);
    }

    /** The invalid fields at their places in the request. */
    default List<InvalidField> invalidFields(List<ForecastException.Fault> faults) {
        return faults.stream()
                .map(fault -> new InvalidField(pointer(fault.question(), fault.field()), fault.detail()))
                .toList();
    }
}
