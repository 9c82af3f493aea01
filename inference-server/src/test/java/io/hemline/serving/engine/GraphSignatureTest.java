package io.hemline.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.store.Artifact;
import io.hemline.store.Datatype;
import io.hemline.store.Manifest;
import io.hemline.store.ModelStore;
import io.hemline.store.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GraphSignatureTest {

    private Manifest.Graph declared;
    private GraphSession graph;

    @BeforeEach
    void open() throws Exception {
        Artifact artifact = ModelStore.inFolder(Path.of("../model-store/fixtures/store/good"))
                .verify("trend", 1);
        declared = artifact.manifest().graphs().forecaster();
        graph = GraphSession.open(artifact.forecaster());
    }

    @AfterEach
    void close() {
        graph.close();
    }

    @Test
    void findsNoDifferenceFromItsOwnManifest() throws Exception {
        assertThat(graph.difference(declared)).isEmpty();
    }

    @Test
    void namesTheTensorThatDiffers() throws Exception {
        assertThat(graph.difference(withInput(
                        "history",
                        spec -> new TensorSpec("history", Datatype.FP32, List.of(TensorSpec.BATCH, 104L, 4L), "", ""))))
                .hasValue("input history: the manifest says [B, 104, 4], it is [-1, 208, 4]");
        assertThat(graph.difference(withInput(
                        "last_week", spec -> new TensorSpec("last_week", Datatype.FP32, spec.shape(), "", ""))))
                .hasValue("input last_week: the manifest says FP32, it is INT64");
        assertThat(graph.difference(
                        withInput("observed", spec -> new TensorSpec("seen", spec.datatype(), spec.shape(), "", ""))))
                .hasValueSatisfying(
                        fault -> assertThat(fault).startsWith("input seen: the graph has none of that name"));
    }

    @Test
    void namesATensorThatTheManifestLacks() throws Exception {
        List<TensorSpec> outputs = declared.outputs().subList(0, 3);

        assertThat(graph.difference(new Manifest.Graph(
                        declared.file(), declared.irVersion(), declared.opset(), declared.inputs(), outputs)))
                .hasValue("output [week_weights]: the manifest does not name it");
    }

    private Manifest.Graph withInput(String input, UnaryOperator<TensorSpec> change) {
        List<TensorSpec> inputs = new ArrayList<>(declared.inputs());
        inputs.replaceAll(spec -> spec.name().equals(input) ? change.apply(spec) : spec);
        return new Manifest.Graph(declared.file(), declared.irVersion(), declared.opset(), inputs, declared.outputs());
    }
}
