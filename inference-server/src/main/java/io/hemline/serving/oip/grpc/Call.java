package io.hemline.serving.oip.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.hemline.serving.core.CallerContext;
import io.hemline.serving.http.BodyBudget;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.Problem;
import io.hemline.serving.http.Problem.ItemPositions;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.oip.ContentDecoding;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.security.Quotas.QuotaExceeded;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.InvalidMessageException;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call: one message in, one message or a status out, in time.
 *
 * <p>Confined to one event loop.
 */
final class Call {

    /*
     * Messages arrive encoded and are decompressed here: Vert.x's own decoder decompresses gzip without a limit, and
     * drops a message over the limit without a response.
     */
    private static final Logger log = LoggerFactory.getLogger(Call.class);
    private static final int LARGE = 131_072;
    private static final String UNKNOWN = "other";

    private final Vertx vertx;
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final IncomingCall incoming;
    private final int maxMessage;
    private final Authenticator authenticator;
    private final Quotas quotas;
    private final BodyBudget.Reservation body;
    private final Times times;
    private final WorkerExecutor workers;
    private final Context loop;
    private final long startNanos = System.nanoTime();
    private final long deadlineNanos;
    private String method = UNKNOWN;
    private boolean taken;
    private boolean answered;

    Call(
            Vertx vertx,
            GrpcServerRequest<Buffer, Buffer> request,
            IncomingCall incoming,
            HttpConfig http,
            AccessPolicy access,
            BodyBudget bodies,
            WorkerExecutor workers,
            Times times) {
        this.vertx = vertx;
        this.request = request;
        this.incoming = incoming;
        this.maxMessage = http.maxBody();
        this.authenticator = access.authenticator();
        this.quotas = access.quotas();
        this.body = bodies.reservation();
        this.workers = workers;
        this.times = times;
        this.loop = vertx.getOrCreateContext();
        this.deadlineNanos = startNanos + Math.min(http.requestTimeout().toNanos(), timeoutNanos(request));
    }

    /** Vert.x counts whole milliseconds: a shorter timeout is 0, which without the header means none. */
    private static long timeoutNanos(GrpcServerRequest<Buffer, Buffer> request) {
        if (request.headers().get("grpc-timeout") == null) {
            return Long.MAX_VALUE;
        }
        return TimeUnit.MILLISECONDS.toNanos(Math.max(1, request.timeout()));
    }

    void answer(Map<String, Method<?>> methods) {
        Method<?> found = methods.get(request.fullMethodName());
        if (found == null) {
            refuse(Problem.of(ProblemType.NOT_IMPLEMENTED, "There is no method " + request.fullMethodName()));
            return;
        }
        method = request.methodName();
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - startNanos) + 1;
        long timer = vertx.setTimer(
                millis,
                late -> refuse(
                        Problem.of(ProblemType.DEADLINE_EXCEEDED, "The deadline passed before there was an answer.")));
        Future<Client> admitted = !found.isAuthenticated() ? Future.succeededFuture(Client.ANONYMOUS) : admit();
        incoming.onRefusal(() -> refuse(body.budget().full()));
        request.invalidMessageHandler(this::refuseInvalid)
                .messageHandler(message -> take(found, admitted, message, timer))
                .endHandler(end -> {
                    if (!taken) {
                        refuse(Problem.of(ProblemType.INVALID_TENSORS, "The call brought no message."));
                    }
                })
                .exceptionHandler(gone -> leave(timer));
        request.errorHandler(cancelled -> leave(timer));
    }

    private void leave(long timer) {
        answered = true;
        incoming.drop();
        body.adopt(incoming.transferBytes());
        body.end();
        vertx.cancelTimer(timer);
    }

    private <Q extends MessageLite> void take(
            Method<Q> found, Future<Client> admitted, GrpcMessage message, long timer) {
        if (taken || answered) {
            return;
        }
        taken = true;
        long received = incoming.transferBytes();
        body.adopt(received);
        // A compressed message may become the largest one.
        long more = message.encoding().equals("identity") ? 0 : Math.max(0, maxMessage - received);
        if (!body.add(more)) {
            refuse(body.budget().full());
            return;
        }
        body.workStarts();
        admitted.compose(client -> read(found, message))
                .compose(read -> found.answer(read, deadlineNanos))
                .compose(this::written)
                .onComplete(done -> CallerContext.run(loop, () -> {
                    vertx.cancelTimer(timer);
                    body.workEnds();
                    if (done.failed()) {
                        fail(done.cause());
                        return;
                    }
                    end(GrpcStatus.OK, null, done.result());
                }));
    }

    /** The encoded response; a worker encodes a large one. */
    private Future<Buffer> written(MessageLite answer) {
        if (answer.getSerializedSize() > LARGE) {
            return workers.executeBlocking(() -> Buffer.buffer(answer.toByteArray()), false);
        }
        return Future.succeededFuture(Buffer.buffer(answer.toByteArray()));
    }

    /** The authenticated client, on this event loop. */
    private Future<Client> admit() {
        Client known = authenticator.tryAuthenticate(request.headers());
        if (known != null) {
            return permit(known);
        }
        return CallerContext.completed(
                authenticator.authenticate(request.headers()).compose(this::permit));
    }

    private Future<Client> permit(Client client) {
        if (!client.may(Scope.FORECAST_READ)) {
            return Future.failedFuture(AccessDenied.missingScope(client, Scope.FORECAST_READ));
        }
        QuotaExceeded over = quotas.count(client, request.connection().remoteAddress());
        return over == null ? Future.succeededFuture(client) : Future.failedFuture(over);
    }

    /** The message; a worker reads a large or compressed one, which would delay the other calls of the event loop. */
    private <Q extends MessageLite> Future<Q> read(Method<Q> found, GrpcMessage message) {
        byte[] bytes = message.payload().getBytes();
        String encoding = message.encoding();
        if (bytes.length > LARGE || !encoding.equals("identity")) {
            return workers.executeBlocking(() -> parse(found, bytes, encoding), false);
        }
        try {
            return Future.succeededFuture(parse(found, bytes, encoding));
        } catch (ProblemException e) {
            return Future.failedFuture(e);
        }
    }

    private <Q extends MessageLite> Q parse(Method<Q> found, byte[] bytes, String encoding) {
        if (!encoding.equals("gzip") && !encoding.equals("identity")) {
            throw new ProblemException(
                    ProblemType.METHOD_NOT_ALLOWED, "grpc-encoding: gzip or identity, not \"" + encoding + "\"");
        }
        try {
            return found.parser().parseFrom(ContentDecoding.decode(bytes, encoding, maxMessage));
        } catch (InvalidProtocolBufferException e) {
            throw new ProblemException(
                    ProblemType.INVALID_TENSORS, "The message is no " + method + "Request: " + e.getMessage());
        }
    }

    private void refuseInvalid(InvalidMessageException invalid) {
        taken = true;
        refuse(Problem.of(
                ProblemType.TOO_LARGE, "A message may have at most " + maxMessage + " bytes (http.max-body)."));
    }

    private void fail(Throwable failure) {
        Problem visible = Problem.of(failure, ItemPositions.NONE);
        if (visible == null) {
            log.error("the call {} failed", method, failure);
            visible = Problem.of(ProblemType.INTERNAL, "Something broke here; the log tells more.");
        }
        refuse(visible);
    }

    private void refuse(Problem problem) {
        end(problem.type().grpcStatus(), problem.detail(), null);
    }

    private void end(GrpcStatus status, @Nullable String message, @Nullable Buffer answer) {
        assert CallerContext.isCurrent(loop) : "a call is confined to its event loop, not " + Thread.currentThread();
        if (answered) {
            return;
        }
        answered = true;
        incoming.drop();
        body.adopt(incoming.transferBytes());
        body.end();
        times.record(method, status, System.nanoTime() - startNanos);
        if (answer != null) {
            request.response().end(answer);
            return;
        }
        request.response().status(status).statusMessage(message).end();
    }

    /** The durations of calls by method and status. Thread-safe: the registry is. */
    record Times(MeterRegistry meters) {

        private void record(String method, GrpcStatus status, long nanos) {
            Timer.builder("grpc.request.duration")
                    .description("Calls over gRPC from the first byte to the status")
                    .tag("method", method)
                    .tag("status", status.name())
                    .register(meters)
                    .record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
