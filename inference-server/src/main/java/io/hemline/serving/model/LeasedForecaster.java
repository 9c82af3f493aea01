package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Failure;
import io.hemline.serving.forecast.ForecastException;
import io.hemline.serving.forecast.Forecaster;
import io.hemline.serving.forecast.Request;
import io.vertx.core.Future;

/**
 * Takes the lease at the door: from here on a request belongs to one version, until its answer is there.
 *
 * <p>Immutable.
 */
public final class LeasedForecaster implements Forecaster {

    private final Channels channels;

    public LeasedForecaster(Channels channels) {
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
