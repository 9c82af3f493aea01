package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.access.Admittance;
import io.hemline.serving.access.Client;
import io.hemline.serving.access.Gate;
import io.hemline.serving.access.Quotas;
import io.hemline.serving.access.Scope;
import io.hemline.serving.forecast.LiveVersions;
import io.hemline.serving.forecast.Stages;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Answers on the doorstep, word for word, what the live version was asked before; everybody else is let in.
 *
 * <p>Thread-safe: it has no state of its own.
 */
final class Doorstep implements Handler<HttpServerRequest> {

    /*
     * One look at the slot decides which version answers. What is found belongs to that version alone and is written
     * before this event loop does anything else, so an answer is never older than the swap that was seen before it.
     * Nothing here computes, so no lease is taken; and nothing waits, so no request is ever seen running.
     */
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestId.HEADER);
    private static final CharSequence DEADLINE = HttpHeaders.createOptimized(Deadline.HEADER);

    private final LiveVersions versions;
    private final Gate gate;
    private final Quotas quotas;
    private final Entrance entrance;
    private final Handler<HttpServerRequest> inside;

    Doorstep(LiveVersions versions, Admittance admittance, Entrance entrance, Handler<HttpServerRequest> inside) {
        this.versions = requireNonNull(versions, "versions");
        this.gate = admittance.gate();
        this.quotas = admittance.quotas();
        this.entrance = requireNonNull(entrance, "entrance");
        this.inside = requireNonNull(inside, "inside");
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!isRead(request.method()) || request.headers().contains(DEADLINE)) {
            inside.handle(request);
            return;
        }
        Client client = gate.known(request.headers());
        if (client == null || !client.may(Scope.FORECAST_READ)) {
            inside.handle(request);
            return;
        }
        Recall found = Recall.of(versions, request.uri());
        if (found == null) {
            inside.handle(request);
            return;
        }
        if (quotas.count(client, request.remoteAddress()) != null) {
            // Refused inside, where refusals are written; a bucket without a token gives none the second time either.
            inside.handle(request);
            return;
        }
        long start = System.nanoTime();
        CharSequence id = RequestId.of(request.headers().get(REQUEST_ID));
        answer(request, found.answer().lines(), id, start);
        found.version().answered(entrance.left(found.answer().form().path(), request, client, id, Stages.NONE, start));
    }

    private static boolean isRead(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    private void answer(HttpServerRequest request, ReadyLines lines, CharSequence id, long now) {
        MultiMap asked = request.headers();
        HttpServerResponse response = request.response();
        entrance.greet(request, response);
        MultiMap headers = response.headers();
        headers.add(REQUEST_ID, id);
        String policy = quotas.policy();
        if (policy != null) {
            headers.add(AnswerHeaders.QUOTA, policy);
        }
        lines.addHead(headers, now);
        String known = asked.get(HttpHeaders.IF_NONE_MATCH);
        if (known != null && EntityTags.match(known, lines.tag())) {
            response.setStatusCode(304).end();
            return;
        }
        ReadyLines.Body body = lines.body(asked.get(HttpHeaders.ACCEPT_ENCODING));
        lines.addBody(headers, body);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
            return;
        }
        response.end(body.bytes());
    }
}
