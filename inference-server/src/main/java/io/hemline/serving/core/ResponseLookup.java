package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Finds cached responses by the key of a request, before anything of the request but its target is read. */
@FunctionalInterface
public interface ResponseLookup {

    /** The response under that key, if the version that answers its questions has it. */
    @Nullable Hit lookup(String requestKey);

    /**
     * A cached response and its version.
     *
     * <p>Immutable.
     */
    record Hit(LiveVersion version, CachedResponse response) {

        public Hit {
            requireNonNull(version, "version");
            requireNonNull(response, "response");
        }
    }
}
