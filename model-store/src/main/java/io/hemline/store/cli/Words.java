package io.hemline.store.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.store.Channel;
import java.util.Collection;
import java.util.stream.Collectors;

/** How the verbs write what the store says. */
final class Words {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int SHORT_DIGEST = 12;

    private Words() {}

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

    static String commas(Collection<Channel> channels) {
        return channels.stream().sorted().map(Channel::path).collect(Collectors.joining(","));
    }

    /** Enough of a digest to tell versions apart by eye. */
    static String shortened(String digest) {
        return digest.substring(0, SHORT_DIGEST);
    }
}
