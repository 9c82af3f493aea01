package io.hemline.serving.admin;

import io.hemline.serving.core.Utf8;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A requested move of a channel's pointer: {@code {"version": "7", "channel": "stable"}}, or {@code {"from": "canary"}}
 * for the version that another channel names.
 *
 * <p>Immutable.
 *
 * @param version the new target; if empty, {@code from} or the store determines it
 * @param channel the channel to move
 * @param from the channel whose version becomes the target; excludes {@code version}
 */
record PointerUpdate(
        OptionalInt version, Channel channel, @Nullable Channel from) {

    private static final Set<String> FIELDS = Set.of("version", "channel", "from");

    static PointerUpdate read(@Nullable Buffer body) {
        JsonObject json = object(body);
        Set<String> unknown = new TreeSet<>(json.fieldNames());
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw AdminProblem.wrongValue("unknown fields " + unknown + "; known are version, channel and from");
        }
        OptionalInt version = version(json.getValue("version"));
        Channel from = json.getValue("from") == null ? null : channel("from", json.getValue("from"));
        if (from != null && version.isPresent()) {
            throw AdminProblem.wrongValue("from: excludes version; only one of them determines the target");
        }
        return new PointerUpdate(version, channel("channel", json.getValue("channel")), from);
    }

    /** Points the channel at the requested version and returns that. Blocks. */
    int promote(ModelStore store, String model) {
        OptionalInt requested = from == null ? version : store.desired(model, from);
        int target = requested.orElseThrow(() -> AdminProblem.wrongValue(
                from == null ? "version: is missing" : "from: channel " + from.path() + " names no version"));
        store.promote(model, target, channel);
        return target;
    }

    /** Points the channel at the requested version, or else at its previous one, and returns that. Blocks. */
    int rollback(ModelStore store, String model) {
        if (version.isEmpty()) {
            return store.rollback(model, channel);
        }
        store.rollback(model, channel, version.getAsInt());
        return version.getAsInt();
    }

    private static JsonObject object(@Nullable Buffer body) {
        if (body == null || body.length() == 0) {
            return new JsonObject();
        }
        if (!Utf8.isValid(body.getBytes(), body.length())) {
            throw notAnObject();
        }
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw notAnObject();
        }
    }

    private static AdminProblem notAnObject() {
        return AdminProblem.malformed(
                "The body must be a JSON object in UTF-8 such as {\"version\": \"7\", \"channel\": \"stable\"}.");
    }

    private static OptionalInt version(@Nullable Object value) {
        if (value == null) {
            return OptionalInt.empty();
        }
        String text = value.toString();
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw AdminProblem.wrongValue("version: a number from 1 on, such as \"7\", not " + text);
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private static Channel channel(String field, @Nullable Object value) {
        if (value == null) {
            return Channel.STABLE;
        }
        return Channel.parse(value.toString())
                .orElseThrow(() -> AdminProblem.wrongValue(field + ": one of "
                        + Arrays.stream(Channel.values()).map(Channel::path).collect(Collectors.joining(", "))
                        + ", not " + value));
    }
}
