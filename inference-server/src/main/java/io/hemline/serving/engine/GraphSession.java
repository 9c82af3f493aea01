package io.hemline.serving.engine;

import ai.djl.Model;
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
 * One ONNX graph, loaded.
 *
 * <p>Thread-safe: ONNX Runtime runs a session on several threads at once. It must not be closed while it runs; whoever
 * owns it sees to that.
 */
public final class GraphSession implements AutoCloseable {

    /*
     * One session, two ways to run it. DJL wraps it for whatever comes in arrays: golden answers, images. The forecaster's
     * batches go to the session itself, since only there outputs can be pinned to buffers that stay (BENCHMARKS.md).
     */
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
        SessionOptions options = Onnx.sessionOptions();
        try {
            OrtSession session = OrtEnvironment.getEnvironment()
                    .createSession(file.toAbsolutePath().toString(), options);
            return new GraphSession(
                    Model.newInstance(String.valueOf(file.getFileName()), Onnx.ENGINE), session, options);
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    /** How the graph differs from what the manifest says of it; empty when it does not. */
    public Optional<String> difference(Manifest.Graph declared) throws OrtException {
        Optional<String> inputs = GraphSignature.difference("input", declared.inputs(), session.getInputInfo());
        return inputs.isPresent()
                ? inputs
                : GraphSignature.difference("output", declared.outputs(), session.getOutputInfo());
    }

    /** A place for input arrays; closed by whoever asked for it. */
    NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    /** Runs the graph; the outputs, each by its name, are closed by the caller. */
    public NDList run(NDList inputs) {
        return model.getBlock().forward(parameters, inputs, false);
    }

    /** Runs the graph, and writes the outputs into the given tensors. */
    public void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        try (OrtSession.Result result = session.run(inputs, Set.of(), outputs)) {
            if (result.size() != outputs.size()) {
                throw new IllegalStateException(result.size() + " outputs, not " + outputs.size());
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        }
    }

    /** Runs the graph on tensors as they come. */
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
        ByteBuffer native0 = array.toByteBuffer().order(ByteOrder.nativeOrder());
        ByteBuffer data = Tensor.allocate(native0.remaining());
        data.put(native0).flip();
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
        // Closes the block that was made over its manager, and with it the session.
        model.close();
        options.close();
    }
}
