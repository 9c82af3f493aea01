package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a client may do. */
public enum Scope {
    FORECAST_READ("forecast:read"),
    MODEL_WRITE("model:write"),
    /** Ask on behalf of clients of its own, whom it has checked; reading is part of it. */
    EDGE("edge");

    private final String word;

    Scope(String word) {
        this.word = requireNonNull(word, "word");
    }

    /** The scope of that word, if there is one. */
    public static Optional<Scope> of(String word) {
        return Arrays.stream(values()).filter(scope -> scope.word.equals(word)).findFirst();
    }

    /** All words, for messages. */
    public static String words() {
        return Arrays.stream(values()).map(Scope::word).collect(Collectors.joining(", "));
    }

    /** As files, tokens and challenges write it, such as {@code forecast:read}. */
    public String word() {
        return word;
    }
}
