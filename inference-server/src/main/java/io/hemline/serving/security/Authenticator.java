package io.hemline.serving.security;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/** Tells who asks, by the headers of a request. Asked before anything of a request is read or answered. */
public interface Authenticator {

    /** Lets everyone in, as {@link Client#ANYONE}. */
    Authenticator OPEN = new Authenticator() {

        @Override
        public Client known(MultiMap headers) {
            return Client.ANYONE;
        }

        @Override
        public Future<Client> admit(MultiMap headers) {
            return Future.succeededFuture(Client.ANYONE);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public String toString() {
            return "open";
        }
    };

    /** Who asks, if that can be told at once; {@code null} sends the caller to {@link #admit}. Never blocks. */
    @Nullable Client known(MultiMap headers);

    /** Who asks; fails with {@link AccessDenied}. Completes on any thread. */
    Future<Client> admit(MultiMap headers);

    /** Whether it asks nobody who they are, so that only where a request comes from can tell whom it serves. */
    default boolean isOpen() {
        return false;
    }
}
