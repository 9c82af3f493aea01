package io.hemline.serving.core;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Brings outcomes of other threads and event loops back to the Vert.x context of a caller, whose state is confined to
 * it.
 *
 * <p>A promise of the context is not enough: Vert.x runs its handlers there, but mappers where it completes.
 */
public final class CallerContext {

    private CallerContext() {}

    /**
     * The same outcome on the context of this thread, handlers and mappers too; the future itself where there is
     * none.
     */
    public static <T> Future<T> completed(Future<T> outcome) {
        Context caller = Vertx.currentContext();
        if (caller == null) {
            return outcome;
        }
        Promise<T> own = Promise.promise();
        outcome.onComplete(done -> caller.runOnContext(ignored -> complete(own, done)));
        return own.future();
    }

    /** Runs work on a context's event loop, at once if this is it. */
    public static void run(Context caller, Runnable work) {
        if (isCurrent(caller)) {
            work.run();
            return;
        }
        caller.runOnContext(ignored -> work.run());
    }

    /** Whether this is the context's event loop. A worker thread that works for the context has it too, but is not. */
    public static boolean isCurrent(Context context) {
        return Vertx.currentContext() == context && Context.isOnEventLoopThread();
    }

    private static <T> void complete(Promise<T> promise, AsyncResult<T> done) {
        if (done.succeeded()) {
            promise.complete(done.result());
            return;
        }
        promise.fail(done.cause());
    }
}
