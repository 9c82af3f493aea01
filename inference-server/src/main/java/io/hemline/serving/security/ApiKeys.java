package io.hemline.serving.security;

import io.hemline.serving.security.Client.Scope;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of a file. A line is a client id, comma-separated scopes, and the SHA-256 of one key in hexadecimal; a
 * client may have several lines. Empty lines and those that begin with {@code #} are ignored.
 *
 * <p>Immutable.
 */
final class ApiKeys {

    private static final int PARTS = 3;

    private final Map<CredentialHash, Client> clients;

    private ApiKeys(Map<CredentialHash, Client> clients) {
        this.clients = clients;
    }

    /** Parses the text of a file; the message of an exception names the line. */
    static ApiKeys read(String text) {
        Map<CredentialHash, Client> clients = new HashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(clients, line, "line " + (i + 1) + ": ");
            }
        }
        return new ApiKeys(clients);
    }

    private static void add(Map<CredentialHash, Client> clients, String line, String place) {
        String[] parts = line.split("\\s+", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException(place + "client, scopes and SHA-256 with blanks between, not "
                    + parts.length + (parts.length == 1 ? " word" : " words"));
        }
        if (!Client.isId(parts[0])) {
            throw new IllegalArgumentException(
                    place + "the client has 1 to " + Client.MAX_ID + " printable ASCII characters");
        }
        CredentialHash hash = hash(parts[2], place);
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

    private static CredentialHash hash(String digits, String place) {
        try {
            byte[] hash = HexFormat.of().parseHex(digits);
            if (hash.length == 32) {
                return CredentialHash.of(hash);
            }
        } catch (IllegalArgumentException e) {
            // The message omits the text, which may be the key itself.
        }
        throw new IllegalArgumentException(place + "the SHA-256 of the key has 64 hexadecimal digits");
    }

    /** The client of a key, {@code null} if the key is unknown. */
    @Nullable Client client(String key) {
        return key.length() > ApiKey.MAX_LENGTH ? null : clients.get(CredentialHash.of(key));
    }

    int size() {
        return clients.size();
    }
}
