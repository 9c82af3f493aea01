package io.hemline.serving.http;

import io.hemline.serving.forecast.ForecastException;
import java.util.List;

/** Where the questions of a request stood in what the caller sent, so that faults found further in point there. */
@FunctionalInterface
public interface Places {

    /** The request as a whole: there are no places. */
    Places NONE = (question, field) -> Pointer.ROOT;

    /** The members of {@code items}. */
    Places ITEMS = (question, field) -> Pointer.element("#/items", question) + field;

    /** The JSON Pointer of a field of a question; fields are JSON Pointers below the item, such as {@code /market}. */
    String pointer(int question, String field);

    /** A list of hashtags with one market for all. */
    static Places hashtags(int[] asked) {
        return (question, field) ->
                field.equals("/market") ? "#/market" : Pointer.element("#/hashtags", asked[question]);
    }

    /** The faults, in the caller's words. */
    default List<Fault> faults(List<ForecastException.Fault> faults) {
        return faults.stream()
                .map(fault -> new Fault(pointer(fault.question(), fault.field()), fault.detail()))
                .toList();
    }
}
