package io.hemline.serving.engine;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.hemline.serving.core.Closing;
import io.hemline.store.Datatype;
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
 * Some of a graph's tensors in direct buffers, one for each name and large enough for the greatest batch. ONNX Runtime
 * reads and writes them in place, for every size their first rows.
 *
 * <p>Confined to one worker, but for {@link #close}.
 */
final class ForecasterTensors implements AutoCloseable {

    private final List<TensorSpec> specs;
    private final Map<String, ByteBuffer> buffers = new HashMap<>();
    private final Map<Integer, Map<String, OnnxTensor>> bySize = new HashMap<>();

    ForecasterTensors(List<TensorSpec> specs, int maxRows) {
        this.specs = List.copyOf(specs);
        for (TensorSpec spec : specs) {
            buffers.put(
                    spec.name(),
                    ByteBuffer.allocateDirect(maxRows * rowBytes(spec)).order(ByteOrder.nativeOrder()));
        }
    }

    /** The values of all rows, in native order. */
    ByteBuffer buffer(String name) {
        return requireNonNull(buffers.get(name), name);
    }

    /** The tensors of so many rows, by name. */
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
                        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), first, shape, type(spec.datatype())));
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

    private static OnnxJavaType type(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> OnnxJavaType.FLOAT;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case BYTES -> OnnxJavaType.STRING;
        };
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>();
        bySize.values().forEach(tensors -> all.addAll(tensors.values()));
        Closing.all(all);
    }
}
