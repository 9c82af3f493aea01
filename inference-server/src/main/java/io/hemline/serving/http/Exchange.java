package io.hemline.serving.http;

import io.hemline.serving.core.CallerContext;
import io.hemline.serving.core.Stages;
import io.hemline.serving.http.Problem.ItemPositions;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.security.Quotas.QuotaExceeded;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its one response: the first call of {@link #answer}, {@link #refuse} or {@link #fail} decides it,
 * later ones do nothing.
 *
 * <p>Confined to one event loop.
 */
public final class Exchange {

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final String KEY = Exchange.class.getName();

    private final RoutingContext routing;
    private final HttpConfig config;
    private final BodyBudget.Reservation body;
    private final WorkerExecutor workers;
    private final Context loop;
    private final ResponseWriter response;
    private final CharSequence requestId;
    private final long startNanos;
    private String route = "other";
    private Client client = Client.ANONYMOUS;
    private Stages stages = Stages.NONE;

    Exchange(
            RoutingContext routing,
            HttpConfig config,
            BodyBudget bodies,
            WorkerExecutor workers,
            CharSequence requestId,
            long startNanos) {
        this.routing = routing;
        this.config = config;
        this.body = bodies.reservation();
        this.workers = workers;
        this.loop = routing.vertx().getOrCreateContext();
        this.response = new ResponseWriter(routing.request());
        this.requestId = requestId;
        this.startNanos = startNanos;
        routing.put(KEY, this);
    }

    /** The exchange of a request that {@link RequestLifecycle} has admitted. */
    static Exchange of(RoutingContext routing) {
        return routing.get(KEY);
    }

    /** The request. */
    public HttpServerRequest request() {
        return routing.request();
    }

    /** The limits of the listener. */
    public HttpConfig config() {
        return config;
    }

    /** The part of the path at the place of a parameter of the template. */
    public String pathParameter(String name) {
        return routing.pathParam(name);
    }

    /** The authenticated client; {@link Client#ANONYMOUS} on paths without authentication. */
    public Client client() {
        return client;
    }

    /** The stages of the request, which are timed from now on. */
    public Stages timeStages() {
        stages = new Stages();
        return stages;
    }

    Stages stages() {
        return stages;
    }

    /** The start of the request, as {@link System#nanoTime} counts. */
    public long startNanos() {
        return startNanos;
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

    /** Reserves more bytes of the body budget for this request; {@code false} when the budget is spent. */
    boolean reserve(int bytes) {
        return body.add(bytes);
    }

    /** The problem of a body that exceeds the budget. */
    Problem bodyBudgetSpent() {
        return body.budget().full();
    }

    /** To be called when the last byte of the response is written or the connection is closed. */
    void end() {
        body.end();
    }

    /** Continues with an authenticated client with scope and quota, else fails; pauses the body meanwhile. */
    void admit(AccessPolicy policy, Scope needed, Runnable then) {
        Client known = policy.authenticator().tryAuthenticate(request().headers());
        if (known != null) {
            authorize(known, needed, policy.quotas(), then);
            return;
        }
        request().pause();
        policy.authenticator()
                .authenticate(request().headers())
                .onComplete((admitted, failure) -> CallerContext.run(loop, () -> {
                    if (failure == null) {
                        authorize(admitted, needed, policy.quotas(), then);
                    } else {
                        fail(failure);
                    }
                    request().resume();
                }));
    }

    private void authorize(Client known, Scope needed, Quotas quotas, Runnable then) {
        if (!known.may(needed)) {
            fail(AccessDenied.missingScope(known, needed));
            return;
        }
        client = known;
        String policy = quotas.policy();
        if (policy != null) {
            response.putHeader(ResponseWriter.QUOTA_POLICY, policy);
        }
        QuotaExceeded over = quotas.count(known, request().remoteAddress());
        if (over != null) {
            fail(over);
            return;
        }
        then.run();
    }

    /** Answers with 200, or with 304 when the client has this representation already. */
    public void answer(Representation representation) {
        answer(representation, Map.of());
    }

    /** Answers the same with headers of this response alone. */
    public void answer(Representation representation, Map<String, String> current) {
        requireLoop();
        response.write(representation, current, this::offLoop);
    }

    /** Answers with a representation that is still to be written, one of many bytes (estimated) on a worker. */
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

    /** Answers with 204. */
    void answerEmpty() {
        requireLoop();
        response.writeEmpty();
    }

    /** Answers with a problem. */
    public void refuse(Problem problem) {
        refuse(problem, "application/problem+json");
    }

    /** Answers with a problem under another media type. */
    public void refuse(Problem problem, String contentType) {
        requireLoop();
        response.write(problem, contentType);
    }

    /** Answers with a failure. Causes go to the log, never to the client. */
    public void fail(Throwable failure) {
        if (failure instanceof AccessDenied denied && denied.challenge() != null) {
            response.putHeader("WWW-Authenticate", denied.challenge());
        }
        if (failure instanceof QuotaExceeded over) {
            response.putHeader("RateLimit", over.rateLimit());
            response.putHeader(ResponseWriter.RETRY_AFTER, Long.toString(over.seconds()));
        }
        refuse(problemOf(failure, ItemPositions.NONE));
    }

    /** The problem that the client sees of a failure; an internal one is logged and hidden. */
    public Problem problemOf(Throwable failure, ItemPositions positions) {
        Problem visible = Problem.of(failure, positions);
        if (visible != null) {
            return visible;
        }
        log.error("request {}: {} {} failed", requestId, request().method(), route, failure);
        return Problem.of(ProblemType.INTERNAL, "Something broke here. Request " + requestId + " names it in the log.");
    }

    /**
     * The {@link System#nanoTime} of the deadline, counted from now, when all was read.
     *
     * @param invalid receives the fault of an invalid header
     */
    public long deadlineNanos(Consumer<String> invalid) {
        long longest = config.requestTimeout().toNanos();
        String desired = request().getHeader(HeaderFields.TIMEOUT);
        return System.nanoTime()
                + (desired == null ? longest : Math.min(longest, HeaderFields.timeoutNanos(desired, invalid)));
    }

    /** Continues on this event loop, at the latest at the deadline; a continuation that throws fails the exchange. */
    public <T> void settle(Future<T> outcome, long deadlineNanos, Consumer<T> then, Consumer<Throwable> otherwise) {
        if (outcome.isComplete()) {
            conclude(outcome, then, otherwise);
            return;
        }
        Vertx vertx = routing.vertx();
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()) + 1;
        String late = "The deadline passed before there was an answer.";
        long timer = vertx.setTimer(
                Math.max(1, millis), id -> otherwise.accept(new ProblemException(ProblemType.DEADLINE_EXCEEDED, late)));
        body.workStarts();
        outcome.onComplete(done -> CallerContext.run(loop, () -> {
            vertx.cancelTimer(timer);
            conclude(outcome, then, otherwise);
            body.workEnds();
        }));
    }

    /** Runs slow work on a worker; may be called on any thread, the outcome completes on this event loop. */
    public <T extends @Nullable Object> Future<T> offLoop(Callable<T> work) {
        if (!CallerContext.isCurrent(loop)) {
            Promise<T> done = Promise.promise();
            loop.runOnContext(here -> offLoop(work).onComplete(done));
            return done.future();
        }
        body.workStarts();
        // Scheduled, to come after the handlers of the outcome, which may use the parsed body.
        return workers.executeBlocking(work, false).onComplete(done -> loop.runOnContext(later -> body.workEnds()));
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

    private void requireLoop() {
        assert CallerContext.isCurrent(loop)
                : "an exchange is confined to its event loop, not " + Thread.currentThread();
    }
}
