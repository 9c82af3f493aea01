package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Responder;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.vertx.core.Future;

/**
 * Chooses the version that answers a query and leases it: from here on the query belongs to one version, until its response
 * is written.
 *
 * <p>Immutable.
 */
public final class LeasedResponder implements Responder {

    private final VersionSelector versions;

    public LeasedResponder(VersionSelector versions) {
        this.versions = requireNonNull(versions, "versions");
    }

    @Override
    public Future<Response> respond(Query query) {
        Lease lease = versions.lease(query.request().questions());
        if (lease == null) {
            return Future.failedFuture(ForecastException.of(Failure.NO_MODEL, "no model is live"));
        }
        try {
            return lease.model().path().responder().respond(query).onComplete((response, failure) -> {
                if (response != null && response.cached()) {
                    lease.model().answeredFromCache(System.nanoTime() - query.startNanos());
                }
                lease.close();
            });
        } catch (RuntimeException e) {
            lease.close();
            return Future.failedFuture(ForecastException.internal("a step of the path threw", e));
        }
    }

    @Override
    public String toString() {
        LiveModel model = versions.live();
        return "choose version (" + versions + ") ▶ lease ▶ "
                + (model == null ? "no live model" : model.path().responder());
    }
}
