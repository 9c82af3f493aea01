package io.hemline.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The members of one JSON object: each is asked for once, and {@link #end} refuses those nobody asked for. */
final class JsonMembers {

    private final String path;
    private final JsonNode node;
    private final Set<String> taken = new HashSet<>();

    JsonMembers(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    static JsonMember member(String path, Map.Entry<String, JsonNode> entry) {
        return new JsonMember(join(path, entry.getKey()), entry.getValue());
    }

    /** The member of that name, which must be there. */
    JsonMember get(String name) {
        taken.add(name);
        JsonNode value = node.get(name);
        if (value == null) {
            throw new FormatException("member " + join(path, name) + " is missing");
        }
        return new JsonMember(join(path, name), value);
    }

    /** Refuses members that were never asked for. */
    void end() {
        node.fieldNames().forEachRemaining(name -> {
            if (!taken.contains(name)) {
                throw new FormatException(
                        "member " + join(path, name) + " is unknown to format version " + Manifest.FORMAT_VERSION);
            }
        });
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
