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
import java.util.function.Supplier;

/**
 * Posts one purge, signed at the moment of sending: a repeated one carries a new time, and the secret as it is then.
 *
 * <p>Thread-safe: the client is.
 */
final class PurgeSender implements AutoCloseable {

    private final HttpClient client;
    private final RequestOptions request;
    private final Supplier<Future<PurgeSignature>> signature;
    private final Duration timeout;
    private final Clock clock;

    /**
     * Posts to that address.
     *
     * @param signature signs by the secret of the moment; the purge is not sent when that cannot be had
     */
    PurgeSender(Vertx vertx, URI url, Supplier<Future<PurgeSignature>> signature, Duration timeout, Clock clock) {
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
        return signature
                .get()
                .compose(now -> client.request(new RequestOptions(request)
                        .setTimeout(timeout.toMillis())
                        .putHeader(
                                "X-Hemline-Signature",
                                now.header(clock.instant().getEpochSecond(), body))))
                .compose(open -> status(open, body));
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
