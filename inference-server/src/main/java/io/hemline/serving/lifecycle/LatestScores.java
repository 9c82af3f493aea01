package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.CallerContext;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.TrendBoard;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest complete scores. While a new version is still scoring, the previous version's scores stay, under its name.
 *
 * <p>Thread-safe: {@code latest} is atomic, {@code first} completes once.
 */
public final class LatestScores implements TrendBoard {

    private final Slot slot;
    private final Promise<Scores> first = Promise.promise();
    private final AtomicReference<@Nullable Scores> latest = new AtomicReference<>();

    public LatestScores(Slot slot) {
        this.slot = requireNonNull(slot, "slot");
    }

    public void publish(Scores scores) {
        latest.set(scores);
        first.tryComplete(scores);
    }

    @Override
    public Future<Scores> scores() {
        if (slot.live() == null) {
            return Future.failedFuture(ForecastException.of(Failure.NO_MODEL, "no model is live"));
        }
        Scores known = latest.get();
        return known == null ? CallerContext.completed(first.future()) : Future.succeededFuture(known);
    }
}
