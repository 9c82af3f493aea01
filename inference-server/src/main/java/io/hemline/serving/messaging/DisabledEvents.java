package io.hemline.serving.messaging;

import io.hemline.serving.core.Forecaster;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;

/**
 * A server on its own.
 *
 * <p>Immutable.
 */
final class DisabledEvents implements Events {

    @Override
    public Forecaster publishing(BooleanSupplier live, Forecaster next) {
        return next;
    }

    @Override
    public void start(FeaturesListener listener) {}

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
