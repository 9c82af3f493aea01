package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtException;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.engine.ForecasterSession;
import io.hemline.serving.engine.ForecasterTrial;
import io.hemline.serving.engine.GraphSession;
import io.hemline.serving.engine.GraphSession.GraphPair;
import io.hemline.serving.engine.RowLayout;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.features.EncoderMismatch;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.lifecycle.ModelLoader.LoadException;
import io.hemline.store.Golden;
import io.hemline.store.Manifest;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The checks that a verified version must pass before it may answer, in order; the first that fails gives the reason.
 *
 * <p>Confined to the watcher's thread.
 */
public final class PromotionGate {

    /*
     * A version with wrong answers is always refused. A version that is only worse than the live one (slower, or
     * without the stored embeddings) is refused only while one is live: a server that starts must not end up without a
     * model.
     */
    private final StoreConfig.Gate config;
    private final double maxMismatch;
    private final FeatureSource source;
    private final Slot slot;
    private final AtomicReference<Double> mismatch;

    public PromotionGate(
            StoreConfig.Gate config, double maxMismatch, FeatureSource source, Slot slot, MeterRegistry meters) {
        this.config = requireNonNull(config, "config");
        this.maxMismatch = maxMismatch;
        this.source = requireNonNull(source, "source");
        this.slot = requireNonNull(slot, "slot");
        this.mismatch = requireNonNull(
                meters.gauge("features.embedding.mismatch.ratio", new AtomicReference<>(0.0), AtomicReference::get));
    }

    /** Throws with the reason unless the version passes. */
    void check(GraphPair graphs, Golden golden, RowLayout layout, BatchSizes sizes) throws LoadException {
        Manifest manifest = layout.manifest();
        refuseIf(signature(graphs, manifest.graphs()));
        checkGolden("forecaster", golden.forecaster(), graphs.forecaster(), manifest);
        checkGolden("image encoder", golden.imageEncoder(), graphs.imageEncoder(), manifest);
        try (ForecasterSession session = new ForecasterSession(graphs.forecaster(), manifest, sizes)) {
            if (!golden.forecaster().isEmpty()) {
                refuseIf(new GoldenRows(golden.forecaster(), layout)
                        .difference(session, sizes, golden.forecaster().get(0).expected())
                        .map(difference -> "golden answers of the forecaster, " + difference));
            }
            refuseIf(ExtremeRows.fault(session, sizes, layout).map(fault -> "hostile series: " + fault));
        }
        EncoderMismatch embeddings = EncoderMismatch.of(source, manifest.encoderDigest());
        mismatch.set(embeddings.share());
        try (Lease live = slot.lease()) {
            if (live != null) {
                refuseIf(embeddings.fault(maxMismatch));
                refuseIf(latency(live.model().graphs(), graphs.forecaster(), layout, sizes));
            }
        }
    }

    private static Optional<String> signature(GraphPair graphs, Manifest.Graphs declared) throws LoadException {
        try {
            Optional<String> forecaster = graphs.forecaster().difference(declared.forecaster());
            return forecaster.isPresent()
                    ? forecaster.map(difference -> "signature of the forecaster: " + difference)
                    : graphs.imageEncoder()
                            .difference(declared.imageEncoder())
                            .map(difference -> "signature of the image encoder: " + difference);
        } catch (OrtException e) {
            throw new LoadException("ONNX Runtime cannot tell its signature: " + e.getMessage(), true, e);
        }
    }

    private static void checkGolden(String graph, List<Golden.Case> cases, GraphSession session, Manifest manifest)
            throws LoadException {
        for (int i = 0; i < cases.size(); i++) {
            Golden.Case golden = cases.get(i);
            String where = "golden answer " + i + " of the " + graph + ": ";
            refuseIf(golden.difference(session.run(golden.request()), manifest.tolerance())
                    .map(difference -> where + difference));
        }
    }

    private Optional<String> latency(RunningGraphs live, GraphSession forecaster, RowLayout layout, BatchSizes sizes) {
        try (ForecasterTrial candidate = new ForecasterTrial(forecaster, layout, sizes, true);
                ForecasterTrial other = new ForecasterTrial(
                        live.forecaster(), live.layout(), live.plan().sizes(), true)) {
            return new LatencyBudget(config.maxLatency())
                    .fault(() -> candidate.nanos(1, 1), () -> other.nanos(1, 1))
                    .map(fault -> "too slow: " + fault);
        }
    }

    private static void refuseIf(Optional<String> fault) throws LoadException {
        if (fault.isPresent()) {
            throw new LoadException(fault.get(), true, null);
        }
    }
}
