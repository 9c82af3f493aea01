package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Question;
import java.util.List;

/**
 * What a caller asks, read and found right.
 *
 * <p>Immutable.
 *
 * @param questions one for each item
 * @param ids how the caller names them
 * @param places where they stood
 * @param history whether the observed weeks are wished as well
 */
record Asked(List<Question> questions, List<String> ids, Places places, boolean history) {

    Asked {
        questions = List.copyOf(questions);
        ids = List.copyOf(ids);
        requireNonNull(places, "places");
    }
}
