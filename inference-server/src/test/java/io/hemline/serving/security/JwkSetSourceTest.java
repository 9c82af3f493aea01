package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import io.hemline.serving.security.testing.Issuer;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JwkSetSourceTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void timesOutIfTheResponseStalls() throws InterruptedException {
        Future<JWKSet> keys =
                lookUp("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"keys\":[", Duration.ofMillis(300));

        TestServer.until("the look-up has ended", keys::isComplete);
        assertThat(keys.cause()).isInstanceOf(TimeoutException.class);
    }

    @Test
    void ignoresUnknownAndInvalidKeys() throws InterruptedException {
        Issuer issuer = new Issuer("one");
        String good = issuer.ec.toPublicJWK().toJSONString();
        String set =
                "{\"keys\":[null,7,{},{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"},{\"kty\":\"AKP\"},"
                        + good + "]}";

        Future<JWKSet> keys =
                lookUp("HTTP/1.1 200 OK\r\nContent-Length: " + set.length() + "\r\n\r\n" + set, Duration.ofSeconds(5));

        TestServer.until("the look-up has ended", keys::isComplete);
        assertThat(keys.cause()).isNull();
        assertThat(keys.result().getKeys()).containsExactly(issuer.ec.toPublicJWK());
    }

    private Future<JWKSet> lookUp(String response, Duration timeout) {
        NetServer issuer = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> socket.write(response)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return JwkSetSource.url(vertx, "http://127.0.0.1:" + issuer.actualPort() + "/keys", timeout)
                .get();
    }
}
