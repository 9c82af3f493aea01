package io.hemline.serving.http;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Stages;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.security.Quotas.QuotaExceeded;
import io.hemline.serving.security.Scope;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its one answer: the first call of {@link #answer}, {@link #refuse} or {@link #fail} decides it, later
 * ones do nothing.
 *
 * <p>Confined to one event loop.
 */
public final class Exchange {

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final String KEY = Exchange.class.getName();
    private static final String RETRY_AFTER = "Retry-After";
    private static final String RETRY_AFTER_SECONDS = "1";

    private final RoutingContext routing;
    private final HttpConfig config;
    private final BodyBudget bodies;
    private final WorkerExecutor workers;
    private final Context loop;
    private final CharSequence requestId;
    private final long startNanos;
    private String route = "other";
    private Client client = Client.ANYONE;
    private Stages stages = Stages.NONE;
    private long kept;
    private boolean answering;
    private int unsettled;
    private boolean ended;

    Exchange(
            RoutingContext routing,
            HttpConfig config,
            BodyBudget bodies,
            WorkerExecutor workers,
            CharSequence requestId,
            long startNanos) {
        this.routing = routing;
        this.config = config;
        this.bodies = bodies;
        this.workers = workers;
        this.loop = routing.vertx().getOrCreateContext();
        this.requestId = requestId;
        this.startNanos = startNanos;
        routing.put(KEY, this);
    }

    /** The exchange of a request that came through the door. */
    static Exchange of(RoutingContext routing) {
        return routing.get(KEY);
    }

    /** The request as it came. */
    public HttpServerRequest request() {
        return routing.request();
    }

    /** What the door lets through. */
    public HttpConfig config() {
        return config;
    }

    /** The part of the path that stands for a name of the template. */
    public String pathParameter(String name) {
        return routing.pathParam(name);
    }

    /** Who asks; anyone, on paths that are open to all. */
    public Client client() {
        return client;
    }

    /** The stages of its way, which are timed from now on. */
    public Stages timeStages() {
        stages = new Stages();
        return stages;
    }

    Stages stages() {
        return stages;
    }

    /** When the request came, as {@link System#nanoTime} counts. */
    public long startNanos() {
        return startNanos;
    }

    /** What is answered when there is no room for its body. */
    Problem noRoom() {
        return bodies.full();
    }

    CharSequence requestId() {
        return requestId;
    }

    String route() {
        return route;
    }

    void foundRoute(String template) {
        route = template;
    }

    /** Lets it keep so many more bytes of its body, until it ends; {@code false} when all requests together hold too many. */
    boolean keeps(int bytes) {
        if (!bodies.take(bytes)) {
            return false;
        }
        if (ended) {
            bodies.release(bytes);
            return true;
        }
        kept += bytes;
        return true;
    }

    /** Called when the last byte of the answer was written, or nobody is there any more to hear it. */
    void end() {
        ended = true;
        giveBack();
    }

    /** What was read of the body is in memory until nobody works on it, even if the caller left or heard that it is late. */
    private void giveBack() {
        if (ended && unsettled == 0) {
            bodies.release(kept);
            kept = 0;
        }
    }

    private void settled() {
        unsettled--;
        giveBack();
    }

    /** Goes on when it is known who asks and they may, so much; else answers why not. Nothing of the body is lost meanwhile. */
    void admit(AccessPolicy admittance, Scope needed, Runnable then) {
        Quotas quotas = admittance.quotas();
        Client known = admittance.authenticator().tryAuthenticate(request().headers());
        if (known != null) {
            enter(known, needed, quotas, then);
            return;
        }
        request().pause();
        admittance
                .authenticator()
                .authenticate(request().headers())
                .onComplete((admitted, failure) -> onLoop(() -> {
                    if (failure == null) {
                        enter(admitted, needed, quotas, then);
                    } else {
                        fail(failure);
                    }
                    request().resume();
                }));
    }

    private void enter(Client known, Scope needed, Quotas quotas, Runnable then) {
        if (!known.may(needed)) {
            fail(AccessDenied.missingScope(known, needed));
            return;
        }
        client = known;
        String policy = quotas.policy();
        if (policy != null) {
            routing.response().putHeader(CommonHeaders.QUOTA, policy);
        }
        QuotaExceeded over = quotas.count(known, request().remoteAddress());
        if (over != null) {
            fail(over);
            return;
        }
        then.run();
    }

    /** Answers with 200, or with 304 when the caller has it already. */
    public void answer(Representation representation) {
        answer(representation, Map.of());
    }

    /** Answers the same with headers that are true only now. */
    public void answer(Representation representation, Map<String, String> passing) {
        HttpServerResponse response = routing.response();
        if (isDecided(response)) {
            return;
        }
        for (Map.Entry<String, String> header : representation.headers().entrySet()) {
            response.putHeader(header.getKey(), header.getValue());
        }
        for (Map.Entry<String, String> header : passing.entrySet()) {
            response.putHeader(header.getKey(), header.getValue());
        }
        response.headers().add("Vary", "Accept-Encoding");
        String tag = representation.etag();
        if (tag != null) {
            response.putHeader("ETag", tag);
            String known = ListField.of(request().headers(), "If-None-Match");
            if (known != null && EntityTags.match(known, tag)) {
                response.setStatusCode(304).end();
                return;
            }
        }
        response.putHeader("Content-Type", representation.contentType());
        if (!takesGzip()) {
            send(response, representation.body(), null);
            return;
        }
        if (!representation.isSlowToCompress()) {
            send(response, representation.body(), representation.gzip());
            return;
        }
        answering = true;
        offLoop(representation::gzip).onComplete((gzip, failure) -> {
            answering = false;
            if (!isDecided(response)) {
                send(response, representation.body(), gzip);
            }
        });
    }

    /**
     * Answers with what is still to be written; a worker writes what is large.
     *
     * @param bytes about how many it will be
     */
    public void answerWritten(Callable<Representation> writing, long bytes) {
        if (bytes > Representation.LARGE) {
            long deadlineNanos = System.nanoTime() + config.requestTimeout().toNanos();
            settle(offLoop(writing), deadlineNanos, this::answer, this::fail);
            return;
        }
        try {
            answer(writing.call());
        } catch (Exception e) {
            fail(e);
        }
    }

    /** Answers with nothing but headers. */
    void answerEmpty() {
        if (!isDecided(routing.response())) {
            routing.response().setStatusCode(204).end();
        }
    }

    /** Answers with a problem. */
    public void refuse(Problem problem) {
        refuse(problem, "application/problem+json");
    }

    /** Answers with a problem under another media type, for clients that would not read it under its own. */
    public void refuse(Problem problem, String contentType) {
        HttpServerResponse response = routing.response();
        if (isDecided(response)) {
            return;
        }
        response.setStatusCode(problem.type().status());
        response.putHeader("Content-Type", contentType);
        response.putHeader("Cache-Control", problem.type().cacheControl());
        response.headers().add("Vary", "Accept-Encoding");
        if (problem.type().asksToRetry() && !response.headers().contains(RETRY_AFTER)) {
            response.putHeader(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        byte[] body = problem.toJson();
        send(response, body, takesGzip() ? GzipEncoding.of(body) : null);
    }

    /** Answers with what went wrong. Causes go to the log, never to the caller. */
    public void fail(Throwable failure) {
        if (failure instanceof AccessDenied denied && denied.challenge() != null) {
            routing.response().putHeader("WWW-Authenticate", denied.challenge());
        }
        if (failure instanceof QuotaExceeded over) {
            routing.response().putHeader("RateLimit", over.rateLimit()).putHeader(RETRY_AFTER, "" + over.seconds());
        }
        refuse(problemOf(failure, ItemPositions.NONE));
    }

    /** What a caller may know of a failure; the rest is logged. InvalidFields are told at the places where they were asked. */
    public Problem problemOf(Throwable failure, ItemPositions places) {
        if (failure instanceof ProblemException refused) {
            return refused.problem();
        }
        if (failure instanceof AccessDenied denied) {
            return Problem.of(ProblemType.of(denied.reason()), denied.detail());
        }
        if (failure instanceof QuotaExceeded over) {
            return Problem.of(ProblemType.TOO_MANY_REQUESTS, over.detail());
        }
        if (failure instanceof ForecastException forecast) {
            ProblemType type = ProblemType.of(forecast.failure());
            if (type != ProblemType.INTERNAL) {
                return new Problem(type, String.valueOf(forecast.getMessage()), places.faults(forecast.faults()));
            }
        }
        log.error("request {}: {} {} failed", requestId, request().method(), route, failure);
        return Problem.of(ProblemType.INTERNAL, "Something broke here. Request " + requestId + " names it in the log.");
    }

    /** The {@link System#nanoTime} after which the caller no longer waits, counted from now, when all was read. */
    public long deadlineNanos(Consumer<String> fault) {
        long longest = config.requestTimeout().toNanos();
        String wished = request().getHeader(Deadline.HEADER);
        return System.nanoTime() + (wished == null ? longest : Math.min(longest, Deadline.nanos(wished, fault)));
    }

    /**
     * Goes on with the outcome, on this event loop, at the latest when the deadline passes. What either of them throws
     * is the answer.
     */
    public <T> void settle(Future<T> outcome, long deadlineNanos, Consumer<T> then, Consumer<Throwable> otherwise) {
        if (outcome.isComplete()) {
            conclude(outcome, then, otherwise);
            return;
        }
        Vertx vertx = routing.vertx();
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()) + 1;
        long timer = vertx.setTimer(Math.max(1, millis), id -> otherwise.accept(late()));
        unsettled++;
        outcome.onComplete(done -> onLoop(() -> {
            vertx.cancelTimer(timer);
            conclude(outcome, then, otherwise);
            settled();
        }));
    }

    /** Does what takes long on a worker thread; may be called on any thread, the outcome comes back on this event loop. */
    public <T> Future<T> offLoop(Callable<T> work) {
        if (!isOnLoop()) {
            Promise<T> done = Promise.promise();
            loop.runOnContext(here -> offLoop(work).onComplete(done));
            return done.future();
        }
        unsettled++;
        // Behind whatever is done with the outcome, which may go on with what was read.
        return workers.executeBlocking(work, false).onComplete(done -> loop.runOnContext(later -> settled()));
    }

    private boolean takesGzip() {
        return GzipEncoding.isAccepted(ListField.of(request().headers(), "Accept-Encoding"));
    }

    /** Sends the body, compressed where it is given so, or for {@code HEAD} only its length. */
    private void send(HttpServerResponse response, byte[] plain, byte @Nullable [] gzip) {
        byte[] body = plain;
        if (gzip != null) {
            body = gzip;
            response.putHeader("Content-Encoding", GzipEncoding.NAME);
        }
        if (request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", Integer.toString(body.length));
            response.end();
            return;
        }
        response.end(Buffer.buffer(body));
    }

    private <T> void conclude(Future<T> outcome, Consumer<T> then, Consumer<Throwable> otherwise) {
        try {
            if (outcome.succeeded()) {
                then.accept(outcome.result());
                return;
            }
            otherwise.accept(outcome.cause());
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private Throwable late() {
        return new ProblemException(ProblemType.DEADLINE_EXCEEDED, "The deadline passed before there was an answer.");
    }

    private void onLoop(Runnable work) {
        if (isOnLoop()) {
            work.run();
            return;
        }
        loop.runOnContext(ignored -> work.run());
    }

    /** A worker that does something for this event loop has its context, but not its thread. */
    private boolean isOnLoop() {
        return Vertx.currentContext() == loop && Context.isOnEventLoopThread();
    }

    private boolean isDecided(HttpServerResponse response) {
        assert isOnLoop() : "an exchange is confined to its event loop, not " + Thread.currentThread();
        return answering || response.ended() || response.closed() || response.headWritten();
    }
}
