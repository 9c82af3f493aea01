package io.hemline.serving.http;

import io.hemline.serving.core.ForecastException;
import java.util.List;

/** Where the questions of a request stood in what the caller sent, so that faults found further in point there. */
@FunctionalInterface
public interface ItemPositions {

    /** The request as a whole: there are no places. */
    ItemPositions NONE = (question, field) -> JsonPointer.ROOT;

    /** The members of {@code items}. */
    ItemPositions ITEMS = (question, field) -> JsonPointer.element("#/items", question) + field;

    /** The JSON JsonPointer of a field of a question; fields are JSON Pointers below the item, such as {@code /market}. */
    String pointer(int question, String field);

    /** A list of hashtags with one market for all. */
    static ItemPositions hashtags(int[] asked) {
        return (question, field) ->
                field.equals("/market") ? "#/market" : JsonPointer.element("#/hashtags", asked[question]);
    }

    /** The faults, in the caller's words. */
    default List<InvalidField> faults(List<ForecastException.Fault> faults) {
        return faults.stream()
                .map(fault -> new InvalidField(pointer(fault.question(), fault.field()), fault.detail()))
                .toList();
    }
}
