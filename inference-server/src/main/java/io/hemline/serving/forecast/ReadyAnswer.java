package io.hemline.serving.forecast;

import java.util.List;

/** A whole answer as it goes out. */
public interface ReadyAnswer {

    /** What it answers. */
    List<Question> questions();

    /** How old it is, and until when it may be given. */
    Freshness freshness();

    /** What it takes of the heap, roughly. */
    int bytes();

    /** The same question as another version answers it. */
    ReadyAnswer anew(Answer other);
}
