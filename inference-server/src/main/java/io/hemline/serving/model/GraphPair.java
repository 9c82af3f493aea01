package io.hemline.serving.model;

import ai.djl.MalformedModelException;
import ai.onnxruntime.OrtException;
import io.hemline.store.Artifact;
import java.io.IOException;
import java.util.List;

/**
 * The two graphs of one version, loaded.
 *
 * <p>Immutable; closing is the owner's, once, when neither runs.
 */
record GraphPair(Artifact artifact, GraphSession forecaster, GraphSession imageEncoder) implements AutoCloseable {

    static GraphPair open(Artifact artifact) throws IOException, MalformedModelException, OrtException {
        GraphSession forecaster = GraphSession.open(artifact.forecaster());
        try {
            return new GraphPair(artifact, forecaster, GraphSession.open(artifact.imageEncoder()));
        } catch (IOException | MalformedModelException | OrtException | RuntimeException e) {
            forecaster.close();
            throw e;
        }
    }

    @Override
    public void close() {
        Closing.all(List.of(imageEncoder, forecaster));
    }
}
