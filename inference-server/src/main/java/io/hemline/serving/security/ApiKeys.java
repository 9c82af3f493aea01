package io.hemline.serving.security;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a file. A line is a client, its scopes with commas between, and the SHA-256 of one key in hexadecimal
 * digits; a client may have many lines. Empty lines and those that begin with {@code #} say nothing.
 *
 * <p>Immutable.
 */
final class ApiKeys {

    private static final int PARTS = 3;

    private final Map<Sha256, Client> clients;

    private ApiKeys(Map<Sha256, Client> clients) {
        this.clients = clients;
    }

    /** Reads a file's text; says in which line it is wrong. */
    static ApiKeys read(String text) {
        Map<Sha256, Client> clients = new HashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(clients, line, "line " + (i + 1) + ": ");
            }
        }
        return new ApiKeys(clients);
    }

    private static void add(Map<Sha256, Client> clients, String line, String place) {
        String[] parts = line.split("\\s+", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException(place + "client, scopes and SHA-256 with blanks between, not "
                    + parts.length + (parts.length == 1 ? " word" : " words"));
        }
        if (!Client.isId(parts[0])) {
            throw new IllegalArgumentException(
                    place + "the client has 1 to " + Client.MAX_ID + " printable ASCII characters");
        }
        Sha256 hash = hash(parts[2], place);
        if (clients.put(hash, new Client(parts[0], scopes(parts[1], place))) != null) {
            throw new IllegalArgumentException(place + "this key is in the file already");
        }
    }

    private static Set<Scope> scopes(String words, String place) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : words.split(",", -1)) {
            scopes.add(Scope.of(word)
                    .orElseThrow(() -> new IllegalArgumentException(
                            place + "the scopes are some of " + Scope.words() + ", not \"" + word + "\"")));
        }
        return scopes;
    }

    private static Sha256 hash(String digits, String place) {
        try {
            byte[] hash = HexFormat.of().parseHex(digits);
            if (hash.length == 32) {
                return Sha256.of(hash);
            }
        } catch (IllegalArgumentException e) {
            // Not repeated: somebody may have written the key itself.
        }
        throw new IllegalArgumentException(place + "the SHA-256 of the key has 64 hexadecimal digits");
    }

    /** Whose key it is. */
    @Nullable Client client(String key) {
        return key.length() > ApiKey.MAX_LENGTH ? null : clients.get(Sha256.of(key));
    }

    int size() {
        return clients.size();
    }
}
