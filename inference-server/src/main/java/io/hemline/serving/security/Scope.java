package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A permission of a client. */
public enum Scope {
    FORECAST_READ("forecast:read"),
    MODEL_WRITE("model:write"),
    /** Requests on behalf of clients that the edge has authenticated. */
    EDGE("edge");

    private final String word;

    Scope(String word) {
        this.word = requireNonNull(word, "word");
    }

    /** The scope of a word, empty if the word is none. */
    public static Optional<Scope> of(String word) {
        return Arrays.stream(values()).filter(scope -> scope.word.equals(word)).findFirst();
    }

    /** All words, for messages. */
    public static String words() {
        return Arrays.stream(values()).map(Scope::word).collect(Collectors.joining(", "));
    }

    /** The word in key files, tokens and challenges, such as {@code forecast:read}. */
    public String word() {
        return word;
    }
}
