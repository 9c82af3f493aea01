package io.hemline.store.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import java.util.OptionalInt;

/** The result of moving a channel, as text and as JSON. Immutable. */
record PointerChange(String model, Channel channel, OptionalInt previous, int version) {

    /**
     * The version that a channel names before it is moved; empty for none and for a garbled pointer, which a move
     * repairs.
     */
    static OptionalInt before(ModelStore store, String model, Channel channel) {
        try {
            return store.desired(model, channel);
        } catch (StoreException e) {
            return OptionalInt.empty();
        }
    }

    void print(StoreOptions options) {
        options.print(json(), text());
    }

    private ObjectNode json() {
        ObjectNode json = OutputFormat.object()
                .put("model", model)
                .put("channel", channel.path())
                .put("version", version);
        return json.put("previous", previous.isPresent() ? previous.getAsInt() : null);
    }

    private String text() {
        String subject = channel.path() + " of " + model;
        if (previous.isEmpty()) {
            return subject + " is now version " + version + "\n";
        }
        if (previous.getAsInt() == version) {
            return subject + " is version " + version + " already\n";
        }
        return subject + " is now version " + version + ", was " + previous.getAsInt() + "\n";
    }
}
