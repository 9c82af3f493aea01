package io.hemline.serving.security;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/** Authenticates a request by its headers, before anything else of it is read. */
public interface Authenticator {

    /** No authentication: every request is by {@link Client#ANONYMOUS}. */
    Authenticator NONE = new Authenticator() {

        @Override
        public Client tryAuthenticate(MultiMap headers) {
            return Client.ANONYMOUS;
        }

        @Override
        public Future<Client> authenticate(MultiMap headers) {
            return Future.succeededFuture(Client.ANONYMOUS);
        }

        @Override
        public boolean isAnonymous() {
            return true;
        }

        @Override
        public String toString() {
            return "none";
        }
    };

    /** The client, if it is determined without blocking; on {@code null} the caller uses {@link #authenticate}. */
    @Nullable Client tryAuthenticate(MultiMap headers);

    /** The client; fails with {@link AccessDenied}. Completes on any thread. */
    Future<Client> authenticate(MultiMap headers);

    /** Whether clients present no credentials, so that only the origin of a request distinguishes them. */
    default boolean isAnonymous() {
        return false;
    }
}
