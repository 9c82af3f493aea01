package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.AnswerCache.CachedResponse;
import org.jspecify.annotations.Nullable;

/** Finds cached responses by the key of a request, before anything of the request but its target is read. */
@FunctionalInterface
public interface ResponseLookup {

    /** The cached response of the version that answers its questions. */
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

    /** A model version that answers requests, as its response cache shows it. */
    interface LiveVersion {

        /** Its name in answers. */
        ModelIdentity identity();

        /** Its cache. It may be read without a lease: nothing in it computes. */
        AnswerCache cache();

        /** Records the latency of a response that came from the cache. */
        void answeredFromCache(long nanos);
    }
}
