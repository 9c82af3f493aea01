package io.hemline.serving.oip.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hemline.serving.http.ProblemException;
import io.hemline.serving.oip.Unpacked;
import io.hemline.serving.oip.grpc.wire.HealthCheckRequest;
import io.hemline.serving.oip.grpc.wire.HealthCheckResponse.ServingStatus;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * One caller who watches a service: told at once how it stands and again at every change, until one of the two hangs up.
 *
 * <p>Confined to one event loop.
 */
final class HealthWatch {

    /*
     * The state is looked at again and again instead of being announced: looking is a few reads, cannot miss a change for
     * good, and nobody has to know who watches. Vert.x tells nothing of a caller who hangs up after his question, so the
     * state is said again now and then: that fails when nobody is there, and keeps a silent connection open when somebody is.
     */
    private static final long LOOK_MILLIS = 250;
    private static final int LOOKS_UNTIL_SAID_AGAIN = 8;
    private static final int MAX_REQUEST = 1024;

    private final Vertx vertx;
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final HealthService health;
    private final Runnable read;
    private String service = "";
    private @Nullable ServingStatus told;
    private long timer = -1;
    private int silentLooks;
    private boolean ended;

    HealthWatch(Vertx vertx, GrpcServerRequest<Buffer, Buffer> request, HealthService health, Runnable read) {
        this.vertx = vertx;
        this.request = request;
        this.health = health;
        this.read = read;
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
        read.run();
        try {
            byte[] bytes = Unpacked.of(message.payload().getBytes(), message.encoding(), MAX_REQUEST);
            service = HealthCheckRequest.parseFrom(bytes).getService();
        } catch (InvalidProtocolBufferException | ProblemException e) {
            end(GrpcStatus.INVALID_ARGUMENT, "The message is no HealthCheckRequest.");
            return;
        }
        health.watching(1);
        timer = vertx.setPeriodic(LOOK_MILLIS, again -> look());
        look();
    }

    /** Ends a call that found no room. */
    void refuse() {
        end(GrpcStatus.UNAVAILABLE, "The server is busy.");
    }

    private void look() {
        ServingStatus now = health.status(service);
        silentLooks++;
        if (now != told || silentLooks >= LOOKS_UNTIL_SAID_AGAIN) {
            told = now;
            silentLooks = 0;
            say(now);
        }
        if (health.closing()) {
            end(GrpcStatus.UNAVAILABLE, "The server is about to stop.");
        }
    }

    private void say(ServingStatus status) {
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

    /** Looks no more; whether it had not stopped before. */
    private boolean stop() {
        if (ended) {
            return false;
        }
        ended = true;
        read.run();
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            health.watching(-1);
        }
        return true;
    }
}
