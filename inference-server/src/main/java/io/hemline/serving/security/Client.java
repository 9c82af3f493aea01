package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who asks.
 *
 * <p>Immutable.
 *
 * @param id names the client in quotas and log lines, 1 to 128 printable ASCII characters
 * @param scopes what it may do
 */
public record Client(String id, Set<Scope> scopes) {

    /** Everyone, where nobody has to say who they are. */
    public static final Client ANYONE = new Client("anyone", EnumSet.allOf(Scope.class));

    /** The longest id. */
    public static final int MAX_ID = 128;

    public Client {
        requireNonNull(id, "id");
        if (!isId(id)) {
            throw new IllegalArgumentException("id: 1 to " + MAX_ID + " printable ASCII characters");
        }
        scopes = Set.copyOf(scopes);
    }

    /** Whether a text can be an id. */
    public static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= MAX_ID && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Whether it may do that. The edge reads for its clients. */
    public boolean may(Scope scope) {
        return scopes.contains(scope) || (scope == Scope.FORECAST_READ && scopes.contains(Scope.EDGE));
    }
}
