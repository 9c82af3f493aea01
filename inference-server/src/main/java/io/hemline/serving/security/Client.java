package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An authenticated client.
 *
 * <p>Immutable.
 *
 * @param id identifies the client in quotas and log lines, 1 to 128 printable ASCII characters
 * @param scopes the granted scopes
 */
public record Client(String id, Set<Scope> scopes) {

    /** The client of every request while authentication is off. */
    public static final Client ANONYMOUS = new Client("anyone", EnumSet.allOf(Scope.class));

    /** The greatest length of an id. */
    public static final int MAX_ID = 128;

    public Client {
        requireNonNull(id, "id");
        if (!isId(id)) {
            throw new IllegalArgumentException("id: 1 to " + MAX_ID + " printable ASCII characters");
        }
        scopes = Set.copyOf(scopes);
    }

    /** Whether a text is a valid id. */
    public static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= MAX_ID && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Whether the client has a scope; {@link Scope#EDGE} implies {@link Scope#FORECAST_READ}. */
    public boolean may(Scope scope) {
        return scopes.contains(scope) || (scope == Scope.FORECAST_READ && scopes.contains(Scope.EDGE));
    }

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

        /** The scope with this name; empty for any other name. */
        public static Optional<Scope> of(String word) {
            return Arrays.stream(values())
                    .filter(scope -> scope.word.equals(word))
                    .findFirst();
        }

        /** All names, for messages. */
        public static String words() {
            return Arrays.stream(values()).map(Scope::word).collect(Collectors.joining(", "));
        }

        /** The name in key files, tokens and challenges, such as {@code forecast:read}. */
        public String word() {
            return word;
        }
    }
}
