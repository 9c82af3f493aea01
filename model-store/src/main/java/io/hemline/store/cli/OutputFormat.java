package io.hemline.store.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.store.Channel;
import java.util.Collection;
import java.util.stream.Collectors;

/** How all verbs print channels and digests, and the nodes of their JSON. */
final class OutputFormat {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int SHORT_DIGEST = 12;

    private OutputFormat() {}

    static ObjectNode object() {
        return JSON.objectNode();
    }

    static ArrayNode array() {
        return JSON.arrayNode();
    }

    static ArrayNode array(Collection<Channel> channels) {
        ArrayNode names = array();
        channels.stream().sorted().forEach(channel -> names.add(channel.path()));
        return names;
    }

    static String commaSeparated(Collection<Channel> channels) {
        return channels.stream().sorted().map(Channel::path).collect(Collectors.joining(","));
    }

    /** The first digits of a digest, enough to distinguish versions. */
    static String shortened(String digest) {
        return digest.substring(0, SHORT_DIGEST);
    }
}
