package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Posts one purge, signed at the moment of sending: a repeated one carries a new time.
 *
 * <p>Thread-safe: the client is.
 */
final class PurgeSender implements AutoCloseable {

    private final HttpClient client;
    private final RequestOptions request;
    private final PurgeSignature signature;
    private final Duration timeout;
    private final Clock clock;

    PurgeSender(Vertx vertx, URI url, PurgeSignature signature, Duration timeout, Clock clock) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) timeout.toMillis())
                        .setKeepAlive(false),
                new PoolOptions().setHttp1MaxSize(1));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url.toString())
                .putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "hemline");
        this.signature = requireNonNull(signature, "signature");
        this.timeout = requireNonNull(timeout, "timeout");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The status of the edge's answer. */
    Future<Integer> send(Purge purge) {
        String body = purge.json();
        RequestOptions signed = new RequestOptions(request)
                .setTimeout(timeout.toMillis())
                .putHeader(
                        "X-Hemline-Signature", signature.header(clock.instant().getEpochSecond(), body));
        return client.request(signed).compose(open -> status(open, body));
    }

    private Future<Integer> status(HttpClientRequest open, String body) {
        return open.send(body)
                .compose(response -> response.end().map(response.statusCode()))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(late -> open.reset());
    }

    @Override
    public void close() {
        client.close();
    }
}
