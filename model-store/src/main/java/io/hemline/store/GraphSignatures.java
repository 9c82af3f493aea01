package io.hemline.store;

import static io.hemline.store.TensorSpec.BATCH;

import java.util.List;

/** The inputs and outputs of the two graphs of format version 1; other members of the manifest define their sizes. */
final class GraphSignatures {

    private static final long IMAGE_SIDE = 224;

    private GraphSignatures() {}

    /** Throws a {@link FormatException} unless both graphs declare these tensors, in any order. */
    static void check(Manifest manifest) {
        Manifest.Graph forecaster = manifest.graphs().forecaster();
        Manifest.Graph encoder = manifest.graphs().imageEncoder();
        check("graphs.forecaster.inputs", forecaster.inputs(), forecasterInputs(manifest));
        check("graphs.forecaster.outputs", forecaster.outputs(), forecasterOutputs(manifest));
        check("graphs.image_encoder.inputs", encoder.inputs(), encoderInputs());
        check("graphs.image_encoder.outputs", encoder.outputs(), encoderOutputs(manifest));
    }

    private static List<TensorSpec> forecasterInputs(Manifest m) {
        long weeks = m.contextLength();
        long variables = m.variables().size();
        return List.of(
                spec("history", Datatype.FP32, BATCH, weeks, variables),
                spec("observed", Datatype.BOOL, BATCH, weeks, variables),
                spec("last_week", Datatype.INT64, BATCH),
                spec("static_ids", Datatype.INT64, BATCH, 3L),
                spec("image_embedding", Datatype.FP32, BATCH, (long) m.embeddingDim()),
                spec("has_image", Datatype.BOOL, BATCH));
    }

    private static List<TensorSpec> forecasterOutputs(Manifest m) {
        return List.of(
                spec("quantiles", Datatype.FP32, BATCH, (long) m.horizon(), (long)
                        m.quantileLevels().size()),
                spec("trend_class", Datatype.INT64, BATCH),
                spec("variable_weights", Datatype.FP32, BATCH, (long)
                        m.drivers().size()),
                spec("week_weights", Datatype.FP32, BATCH, (long) m.contextLength()));
    }

    private static List<TensorSpec> encoderInputs() {
        return List.of(spec("image", Datatype.UINT8, BATCH, IMAGE_SIDE, IMAGE_SIDE, 3L));
    }

    private static List<TensorSpec> encoderOutputs(Manifest m) {
        return List.of(spec("embedding", Datatype.FP32, BATCH, (long) m.embeddingDim()));
    }

    private static void check(String path, List<TensorSpec> declared, List<TensorSpec> wanted) {
        for (TensorSpec want : wanted) {
            TensorSpec got = declared.stream()
                    .filter(d -> d.name().equals(want.name()))
                    .findFirst()
                    .orElseThrow(() -> new FormatException("member " + path + " lacks tensor \"" + want.name() + "\""));
            boolean same = got.datatype() == want.datatype() && got.shape().equals(want.shape());
            ManifestRules.require(same, path, text(want), text(got));
        }
        ManifestRules.require(declared.size() == wanted.size(), path, wanted.size() + " tensors", declared.size());
    }

    private static TensorSpec spec(String name, Datatype datatype, Long... shape) {
        return new TensorSpec(name, datatype, List.of(shape), "", "");
    }

    private static String text(TensorSpec spec) {
        return spec.name() + " " + spec.datatype().dtype() + spec.shapeText();
    }
}
