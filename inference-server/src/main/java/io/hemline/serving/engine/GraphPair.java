package io.hemline.serving.engine;

import ai.onnxruntime.OrtException;
import io.hemline.serving.core.Closing;
import io.hemline.store.Artifact;
import java.util.List;

/**
 * The two loaded graphs of one version.
 *
 * <p>Immutable. The owner closes it once, when no run is in progress.
 */
public record GraphPair(Artifact artifact, GraphSession forecaster, GraphSession imageEncoder)
        implements AutoCloseable {

    public static GraphPair open(Artifact artifact) throws OrtException {
        GraphSession forecaster = GraphSession.open(artifact.forecaster());
        try {
            return new GraphPair(artifact, forecaster, GraphSession.open(artifact.imageEncoder()));
        } catch (OrtException | RuntimeException e) {
            forecaster.close();
            throw e;
        }
    }

    @Override
    public void close() {
        Closing.all(List.of(imageEncoder, forecaster));
    }
}
