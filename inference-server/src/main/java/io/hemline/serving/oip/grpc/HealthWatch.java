package io.hemline.serving.oip.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.oip.ContentDecoding;
import io.hemline.serving.oip.grpc.wire.HealthCheckRequest;
import io.hemline.serving.oip.grpc.wire.HealthCheckResponse.ServingStatus;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * One watch of a service: sends its status at once and at every change, until client or server ends the call.
 *
 * <p>Confined to one event loop.
 */
final class HealthWatch {

    /*
     * The status is polled instead of announced: a poll is a few reads, no change stays unnoticed, and the source
     * keeps no list of watches. Vert.x does not report that a client disconnected after its request, so the status is
     * repeated every two seconds: the write fails if the client has disconnected, and keeps the connection open if it
     * has not.
     */
    private static final long POLL_MILLIS = 250;
    private static final int POLLS_PER_REPEAT = 8;
    private static final int MAX_REQUEST = 1024;

    private final Vertx vertx;
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final HealthService health;
    private final Runnable releaseBytes;
    private String service = "";
    private @Nullable ServingStatus sent;
    private long timer = -1;
    private int silentPolls;
    private boolean ended;

    HealthWatch(Vertx vertx, GrpcServerRequest<Buffer, Buffer> request, HealthService health, Runnable releaseBytes) {
        this.vertx = vertx;
        this.request = request;
        this.health = health;
        this.releaseBytes = releaseBytes;
    }

    void begin() {
        request.response().exceptionHandler(gone -> stop());
        request.invalidMessageHandler(invalid -> end(GrpcStatus.RESOURCE_EXHAUSTED, "The message is too large."))
                .messageHandler(this::take)
                .endHandler(end -> {
                    if (timer < 0) {
                        end(GrpcStatus.INVALID_ARGUMENT, "The call brought no message.");
                    }
                })
                .exceptionHandler(gone -> stop());
    }

    private void take(GrpcMessage message) {
        if (timer >= 0 || ended) {
            return;
        }
        releaseBytes.run();
        try {
            byte[] bytes = ContentDecoding.decode(message.payload().getBytes(), message.encoding(), MAX_REQUEST);
            service = HealthCheckRequest.parseFrom(bytes).getService();
        } catch (InvalidProtocolBufferException | ProblemException e) {
            end(GrpcStatus.INVALID_ARGUMENT, "The message is no HealthCheckRequest.");
            return;
        }
        health.watching(1);
        timer = vertx.setPeriodic(POLL_MILLIS, again -> poll());
        poll();
    }

    /** Ends a call for whose bytes the budget has no room. */
    void refuse() {
        end(GrpcStatus.UNAVAILABLE, "The server is busy.");
    }

    private void poll() {
        ServingStatus now = health.status(service);
        silentPolls++;
        if (now != sent || silentPolls >= POLLS_PER_REPEAT) {
            sent = now;
            silentPolls = 0;
            send(now);
        }
        if (health.closing()) {
            end(GrpcStatus.UNAVAILABLE, "The server is about to stop.");
        }
    }

    private void send(ServingStatus status) {
        try {
            request.response()
                    .write(Buffer.buffer(HealthService.answer(status).toByteArray()))
                    .onFailure(gone -> stop());
        } catch (IllegalStateException gone) {
            stop();
        }
    }

    private void end(GrpcStatus status, String message) {
        if (stop()) {
            request.response().status(status).statusMessage(message).end();
        }
    }

    /** Stops polling; {@code false} if it had stopped before. */
    private boolean stop() {
        if (ended) {
            return false;
        }
        ended = true;
        releaseBytes.run();
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            health.watching(-1);
        }
        return true;
    }
}
