package io.hemline.serving.core;

import java.util.List;

/** A whole response, kept as it is sent. */
public interface CachedResponse {

    /** The questions that it answers. */
    List<Question> questions();

    /** How old it is, and until when it may be given. */
    Freshness freshness();

    /** Estimated size on the heap. */
    int bytes();

    /** The response to the same questions with the forecasts of another version. */
    CachedResponse rewrite(Answer other);
}
