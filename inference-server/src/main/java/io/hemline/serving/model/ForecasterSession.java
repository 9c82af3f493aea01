package io.hemline.serving.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.BatchWork;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One worker's use of the forecaster graph.
 *
 * <p>Confined to one worker, but for {@link #close}, which is called when the worker has ended.
 */
final class ForecasterSession implements BatchWork<Row, RowForecast>, AutoCloseable {

    private final GraphSession graph;
    private final RowLayout layout;
    private final BatchSizes sizes;
    private final NDManager manager;
    private final Map<Integer, ForecasterInputs> inputs = new HashMap<>();

    ForecasterSession(GraphSession graph, RowLayout layout, BatchSizes sizes) {
        this.graph = graph;
        this.layout = layout;
        this.sizes = sizes;
        this.manager = graph.newManager();
    }

    @Override
    public List<RowForecast> run(List<Row> rows) {
        int size = sizes.padded(rows.size());
        ForecasterInputs batch = inputs.computeIfAbsent(size, unseen -> new ForecasterInputs(manager, layout, unseen));
        for (int place = 0; place < size; place++) {
            // What is left over repeats the last row: a row that the graph can bear, whose answer nobody reads.
            batch.put(place, rows.get(Math.min(place, rows.size() - 1)));
        }
        try (NDList outputs = graph.run(batch.arrays())) {
            return read(outputs, rows.size());
        }
    }

    private static List<RowForecast> read(NDList outputs, int rows) {
        NDArray quantiles = named(outputs, "quantiles");
        int steps = (int) quantiles.getShape().get(1);
        int levels = (int) quantiles.getShape().get(2);
        FloatBuffer values = floats(quantiles);
        FloatBuffer variables = floats(named(outputs, "variable_weights"));
        FloatBuffer weeks = floats(named(outputs, "week_weights"));
        ByteBuffer classes = bytes(named(outputs, "trend_class"));
        int size = (int) quantiles.getShape().get(0);
        int drivers = variables.capacity() / size;
        int context = weeks.capacity() / size;
        List<RowForecast> forecasts = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            float[][] quantile = new float[steps][levels];
            for (int step = 0; step < steps; step++) {
                values.get((row * steps + step) * levels, quantile[step]);
            }
            float[] variableWeights = new float[drivers];
            variables.get(row * drivers, variableWeights);
            float[] weekWeights = new float[context];
            weeks.get(row * context, weekWeights);
            forecasts.add(new RowForecast(quantile, classes.getLong(row * Long.BYTES), variableWeights, weekWeights));
        }
        return forecasts;
    }

    private static NDArray named(NDList outputs, String name) {
        NDArray output = outputs.get(name);
        if (output == null) {
            throw new IllegalStateException("the forecaster gives no " + name);
        }
        return output;
    }

    private static ByteBuffer bytes(NDArray array) {
        return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }

    private static FloatBuffer floats(NDArray array) {
        return bytes(array).asFloatBuffer();
    }

    @Override
    public void close() {
        manager.close();
    }
}
