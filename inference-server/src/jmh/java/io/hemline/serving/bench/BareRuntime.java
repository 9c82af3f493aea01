package io.hemline.serving.bench;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Bare ONNX Runtime Java. Question: how much CPU does one row of the forecaster cost, in batches of each size, when
 * inputs are written once and outputs are not read?
 *
 * <p>Usage: {@code BareRuntime FORECASTER.ONNX EMBEDDING-LENGTH WARM-SECONDS SECONDS BATCH…}, started by
 * {@code make bench SUITE=serving}; prints {@code BATCH MICROS-PER-ROW}. One session of one thread for each core, as the
 * server runs them.
 *
 * <p>Immutable.
 */
public final class BareRuntime {

    private static final int WEEKS = 208;
    private static final int VARIABLES = 4;
    private static final int OBSERVED_WEEKS = 104;
    private static final long LAST_WEEK = 20_773;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final String model;
    private final int embeddingLength;

    BareRuntime(String model, int embeddingLength) {
        this.model = model;
        this.embeddingLength = embeddingLength;
    }

    public static void main(String[] arguments) throws Exception {
        BareRuntime runtime = new BareRuntime(arguments[0], Integer.parseInt(arguments[1]));
        CpuPerCall measure = new CpuPerCall(Double.parseDouble(arguments[2]), Double.parseDouble(arguments[3]));
        for (int i = 4; i < arguments.length; i++) {
            int batch = Integer.parseInt(arguments[i]);
            double micros = measure.micros(() -> runtime.call(batch));
            System.out.printf("%d %.2f%n", batch, micros / batch);
        }
    }

    /** A call of the graph with a session of its own; the process ends with it, so nothing is closed. */
    Callable<?> call(int batch) {
        try {
            SessionOptions options = new SessionOptions();
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = environment.createSession(model, options);
            Map<String, OnnxTensor> inputs = inputs(batch);
            return () -> {
                try (Result result = session.run(inputs)) {
                    return result.size();
                }
            };
        } catch (OrtException e) {
            throw new IllegalStateException("cannot load " + model, e);
        }
    }

    private Map<String, OnnxTensor> inputs(int batch) throws OrtException {
        ByteBuffer history = direct(batch * WEEKS * VARIABLES * Float.BYTES);
        ByteBuffer observed = direct(batch * WEEKS * VARIABLES);
        ByteBuffer lastWeek = direct(batch * Long.BYTES);
        for (int row = 0; row < batch; row++) {
            for (int week = WEEKS - OBSERVED_WEEKS; week < WEEKS; week++) {
                int cell = (row * WEEKS + week) * VARIABLES;
                history.putFloat(cell * Float.BYTES, (float) (100 + 40 * Math.sin(2 * Math.PI * week / 52) + row));
                observed.put(cell, (byte) 1);
            }
            lastWeek.putLong(row * Long.BYTES, LAST_WEEK);
        }
        Map<String, OnnxTensor> inputs = new HashMap<>();
        put(inputs, "history", history, OnnxJavaType.FLOAT, batch, WEEKS, VARIABLES);
        put(inputs, "observed", observed, OnnxJavaType.BOOL, batch, WEEKS, VARIABLES);
        put(inputs, "last_week", lastWeek, OnnxJavaType.INT64, batch);
        put(inputs, "static_ids", direct(batch * 3 * Long.BYTES), OnnxJavaType.INT64, batch, 3);
        put(
                inputs,
                "image_embedding",
                direct(batch * embeddingLength * Float.BYTES),
                OnnxJavaType.FLOAT,
                batch,
                embeddingLength);
        put(inputs, "has_image", direct(batch), OnnxJavaType.BOOL, batch);
        return inputs;
    }

    private void put(Map<String, OnnxTensor> inputs, String name, ByteBuffer data, OnnxJavaType type, long... shape)
            throws OrtException {
        inputs.put(name, OnnxTensor.createTensor(environment, data, shape, type));
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
