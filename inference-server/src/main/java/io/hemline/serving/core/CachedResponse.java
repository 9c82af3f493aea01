package io.hemline.serving.core;

import java.util.List;

/** A whole answer as it goes out. */
public interface CachedResponse {

    /** What it answers. */
    List<Question> questions();

    /** How old it is, and until when it may be given. */
    Freshness freshness();

    /** What it takes of the heap, roughly. */
    int bytes();

    /** The same question as another version answers it. */
    CachedResponse anew(Answer other);
}
