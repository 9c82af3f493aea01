package io.hemline.serving.engine;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.hemline.serving.core.Closing;
import io.hemline.store.Artifact;
import io.hemline.store.Datatype;
import io.hemline.store.Manifest;
import io.hemline.store.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A loaded ONNX graph.
 *
 * <p>Thread-safe: ONNX Runtime runs a session on several threads at once. The owner must not close it during a run.
 */
public final class GraphSession implements AutoCloseable {

    /*
     * One session, run in two ways: through DJL for arrays (golden answers, images), and directly for the forecaster's
     * batches, since only the direct call can pin outputs to permanent buffers (BENCHMARKS.md).
     *
     * DJL must be loaded first: it creates the one OrtEnvironment of the process with its own options, and fails if one
     * exists. DJL's second engine for array arithmetic is disabled (it leaks and is not needed), and so are its usage ping
     * and its downloads.
     *
     * One thread within a run, without spinning: the batcher runs as many batches at once as there are cores, and spinning
     * threads would take CPU time from them, most of all during a swap.
     */
    private static final String ENGINE = "OnnxRuntime";

    static {
        System.setProperty("ai.djl.onnx.disable_alternative", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Engine.getEngine(ENGINE);
    }

    private final Model model;
    private final OrtSession session;
    private final SessionOptions options;
    private final ParameterStore parameters;

    private GraphSession(Model model, OrtSession session, SessionOptions options) {
        this.model = model;
        this.session = session;
        this.options = options;
        this.parameters = new ParameterStore(model.getNDManager(), true);
        model.setBlock(new OrtSymbolBlock(session, (OrtNDManager) model.getNDManager()));
    }

    /** Loads the file. */
    public static GraphSession open(Path file) throws OrtException {
        SessionOptions options = newOptions();
        try {
            OrtSession session = OrtEnvironment.getEnvironment()
                    .createSession(file.toAbsolutePath().toString(), options);
            return new GraphSession(Model.newInstance(String.valueOf(file.getFileName()), ENGINE), session, options);
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    /** To be closed after the session that uses them. */
    private static SessionOptions newOptions() throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(OptLevel.ALL_OPT);
        options.setMemoryPatternOptimization(true);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }

    /** The first difference between the graph and its manifest; empty without differences. */
    public Optional<String> difference(Manifest.Graph declared) throws OrtException {
        Optional<String> inputs = GraphSignature.difference("input", declared.inputs(), session.getInputInfo());
        return inputs.isPresent()
                ? inputs
                : GraphSignature.difference("output", declared.outputs(), session.getOutputInfo());
    }

    /** A manager of input arrays, which the caller closes. */
    NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    /** Runs the graph. The caller closes the outputs, which carry their names. */
    public NDList run(NDList inputs) {
        return model.getBlock().forward(parameters, inputs, false);
    }

    /** Runs the graph and writes the outputs into the given tensors. */
    public void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        try (OrtSession.Result result = session.run(inputs, Set.of(), outputs)) {
            if (result.size() != outputs.size()) {
                throw new IllegalStateException(result.size() + " outputs, not " + outputs.size());
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        }
    }

    /** Runs the graph on tensors of the artifact format. */
    public List<Tensor> run(List<Tensor> inputs) {
        try (NDManager manager = newManager()) {
            NDList arrays = new NDList();
            for (Tensor input : inputs) {
                NDArray array = manager.create(input.data(), new Shape(input.shape()), dataType(input.datatype()));
                array.setName(input.name());
                arrays.add(array);
            }
            try (NDList outputs = run(arrays)) {
                List<Tensor> tensors = new ArrayList<>();
                for (NDArray output : outputs) {
                    tensors.add(tensor(output));
                }
                return tensors;
            }
        }
    }

    private static Tensor tensor(NDArray array) {
        ByteBuffer nativeOrder = array.toByteBuffer().order(ByteOrder.nativeOrder());
        ByteBuffer data = Tensor.allocate(nativeOrder.remaining());
        data.put(nativeOrder).flip();
        return new Tensor(
                array.getName(), datatype(array.getDataType()), array.getShape().getShape(), data);
    }

    private static DataType dataType(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> DataType.FLOAT32;
            case INT64 -> DataType.INT64;
            case BOOL -> DataType.BOOLEAN;
            case UINT8 -> DataType.UINT8;
            case BYTES -> throw new IllegalArgumentException("no graph takes BYTES");
        };
    }

    private static Datatype datatype(DataType dataType) {
        return switch (dataType) {
            case FLOAT32 -> Datatype.FP32;
            case INT64 -> Datatype.INT64;
            case BOOLEAN -> Datatype.BOOL;
            case UINT8 -> Datatype.UINT8;
            default -> throw new IllegalStateException("outputs of type " + dataType + " are not in the format");
        };
    }

    @Override
    public void close() {
        // Also closes the block over the model's manager, and with it the session.
        model.close();
        options.close();
    }

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
}
