package io.hemline.serving.engine;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.hemline.serving.core.Closing;
import io.hemline.store.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs or outputs of a graph as direct buffers, one for each name, of the largest batch size. ONNX Runtime reads and
 * writes them in place; smaller batches use the first rows.
 *
 * <p>Confined to one worker, but for {@link #close}.
 */
final class GraphBuffers implements AutoCloseable {

    private final List<TensorSpec> specs;
    private final Map<String, ByteBuffer> buffers = new HashMap<>();
    private final Map<Integer, Map<String, OnnxTensor>> bySize = new HashMap<>();

    GraphBuffers(List<TensorSpec> specs, int maxRows) {
        this.specs = List.copyOf(specs);
        for (TensorSpec spec : specs) {
            buffers.put(
                    spec.name(),
                    ByteBuffer.allocateDirect(maxRows * rowBytes(spec)).order(ByteOrder.nativeOrder()));
        }
    }

    /** The values of all rows, in native byte order. */
    ByteBuffer buffer(String name) {
        return requireNonNull(buffers.get(name), name);
    }

    /** The tensors of a batch of {@code rows}, by name. */
    Map<String, OnnxTensor> ofRows(int rows) {
        return bySize.computeIfAbsent(rows, this::tensors);
    }

    private Map<String, OnnxTensor> tensors(int rows) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (TensorSpec spec : specs) {
                long[] shape = shape(spec, rows);
                ByteBuffer first =
                        buffer(spec.name()).slice(0, rows * rowBytes(spec)).order(ByteOrder.nativeOrder());
                tensors.put(
                        spec.name(),
                        OnnxTensor.createTensor(
                                OrtEnvironment.getEnvironment(),
                                first,
                                shape,
                                GraphSignature.onnxType(spec.datatype())));
            }
            return tensors;
        } catch (OrtException e) {
            tensors.values().forEach(OnnxTensor::close);
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        }
    }

    private static long[] shape(TensorSpec spec, int rows) {
        return spec.shape().stream()
                .mapToLong(length -> length == TensorSpec.BATCH ? rows : length)
                .toArray();
    }

    private static int rowBytes(TensorSpec spec) {
        return Math.toIntExact(Arrays.stream(shape(spec, 1)).reduce(1, Math::multiplyExact)
                * spec.datatype().width());
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>();
        bySize.values().forEach(tensors -> all.addAll(tensors.values()));
        Closing.all(all);
    }
}
