package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The gauges of a slot: {@code forecast_queue_depth}, {@code model_leases}, {@code model_version_info},
 * {@code model_state}.
 *
 * <p>Thread-safe: the meters are; {@code this} guards {@code shown}.
 */
public final class ModelGauges {

    private final String model;
    private final Slot slot;
    private final MultiGauge info;
    private final MultiGauge states;

    /** The versions and states that were registered last. */
    @GuardedBy("this") private String shown = "";

    public ModelGauges(MeterRegistry meters, String model, Slot slot) {
        this.model = requireNonNull(model, "model");
        this.slot = requireNonNull(slot, "slot");
        Gauge.builder("forecast.queue.depth", slot, ModelGauges::depth)
                .description("Forecasts waiting for a batch of the live version")
                .register(meters);
        Gauge.builder("model.leases", slot, ModelGauges::leases)
                .description("Requests that hold a lease of the live version")
                .register(meters);
        this.info = MultiGauge.builder("model.version.info")
                .description("1 for the version that is live")
                .register(meters);
        this.states = MultiGauge.builder("model.state")
                .description("1 for the state that each version is in")
                .register(meters);
    }

    /** Brings the versions and their states up to date. */
    synchronized void refresh(Map<Integer, VersionLifecycle> lifecycles) {
        LiveModel live = slot.live();
        StringBuilder now =
                new StringBuilder(live == null ? "" : live.identity().toString());
        lifecycles.forEach((version, lifecycle) ->
                now.append(' ').append(version).append(lifecycle.moment().state()));
        if (now.toString().equals(shown)) {
            return;
        }
        shown = now.toString();
        // Rows that stay are not registered anew: a scrape during a removal and re-registration fails for all meters.
        info.register(info(), false);
        states.register(states(lifecycles), false);
    }

    private static double depth(Slot slot) {
        LiveModel live = slot.live();
        return live == null ? 0 : live.queueDepth();
    }

    private static double leases(Slot slot) {
        LiveModel live = slot.live();
        return live == null ? 0 : live.leases();
    }

    private List<Row<?>> info() {
        LiveModel live = slot.live();
        if (live == null) {
            return List.of();
        }
        Tags tags = Tags.of(
                "model",
                model,
                "version",
                live.identity().version(),
                "digest",
                live.identity().digest());
        return List.of(Row.of(tags, 1));
    }

    private List<Row<?>> states(Map<Integer, VersionLifecycle> lifecycles) {
        List<Row<?>> rows = new ArrayList<>();
        lifecycles.forEach((version, lifecycle) -> {
            String state = lifecycle.moment().state().word();
            rows.add(Row.of(Tags.of("model", model, "version", version.toString(), "state", state), 1));
        });
        return rows;
    }
}
