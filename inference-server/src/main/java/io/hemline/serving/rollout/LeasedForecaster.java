package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Failure;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Request;
import io.hemline.serving.lifecycle.Lease;
import io.hemline.serving.lifecycle.LiveModel;
import io.vertx.core.Future;

/**
 * Takes the lease at the door: from here on a request belongs to one version, until its answer is there.
 *
 * <p>Immutable.
 */
public final class LeasedForecaster implements Forecaster {

    private final VersionSelector channels;

    public LeasedForecaster(VersionSelector channels) {
        this.channels = requireNonNull(channels, "channels");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        Lease lease = channels.lease(request.questions());
        if (lease == null) {
            return Future.failedFuture(ForecastException.of(Failure.NO_MODEL, "no model is live"));
        }
        LiveModel model = lease.model();
        long start = System.nanoTime();
        try {
            return model.nest().forecast(request).onComplete((answer, failure) -> {
                long nanos = System.nanoTime() - start;
                model.latency().record(nanos);
                model.conduct().record(answer, failure, nanos);
                lease.close();
            });
        } catch (RuntimeException e) {
            lease.close();
            return Future.failedFuture(ForecastException.internal("a step of the nest threw", e));
        }
    }

    @Override
    public String toString() {
        LiveModel model = channels.live();
        return "leased (" + channels + ") ══▶ " + (model == null ? "" : model.nest());
    }
}
