package io.hemline.serving.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One ONNX graph, loaded.
 *
 * <p>Thread-safe: ONNX Runtime runs a session on several threads at once. It must not be closed while it runs; whoever
 * owns it sees to that.
 */
final class GraphSession implements AutoCloseable {

    private final Model model;
    private final SessionOptions options;
    private final ParameterStore parameters;

    private GraphSession(Model model, SessionOptions options) {
        this.model = model;
        this.options = options;
        this.parameters = new ParameterStore(model.getNDManager(), true);
    }

    /** Loads the file. */
    static GraphSession open(Path file) throws IOException, MalformedModelException, OrtException {
        SessionOptions options = Onnx.sessionOptions();
        String name = String.valueOf(file.getFileName());
        Model model = Model.newInstance(name, Onnx.ENGINE);
        try {
            model.load(file.toAbsolutePath().getParent(), name, Map.of("sessionOptions", options));
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            options.close();
            throw e;
        }
        return new GraphSession(model, options);
    }

    /** A place for input arrays; closed by whoever asked for it. */
    NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    /** Runs the graph; the outputs, each by its name, are closed by the caller. */
    NDList run(NDList inputs) {
        return model.getBlock().forward(parameters, inputs, false);
    }

    /** Runs the graph on tensors as they come. */
    List<Tensor> run(List<Tensor> inputs) {
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
        };
    }

    private static Datatype datatype(DataType dataType) {
        for (Datatype datatype : Datatype.values()) {
            if (dataType(datatype) == dataType) {
                return datatype;
            }
        }
        throw new IllegalStateException("outputs of type " + dataType + " are not in the format");
    }

    @Override
    public void close() {
        model.close();
        options.close();
    }
}
