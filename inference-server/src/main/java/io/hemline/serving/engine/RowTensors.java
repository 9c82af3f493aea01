package io.hemline.serving.engine;

import io.hemline.serving.engine.Row.RowForecast;
import io.hemline.store.Tensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Converts between tensors of the forecaster graph, batch first, and rows. */
public final class RowTensors {

    private RowTensors() {}

    /** One row for each entry of the batch dimension. */
    public static List<Row> rows(List<Tensor> inputs, RowLayout layout) {
        Map<String, Tensor> named = new HashMap<>();
        inputs.forEach(tensor -> named.put(tensor.name(), tensor));
        int cells = layout.weeks() * layout.variables();
        FloatBuffer history = named(named, "history").floats();
        Tensor observed = named(named, "observed");
        LongBuffer lastWeek = named(named, "last_week").longs();
        LongBuffer staticIds = named(named, "static_ids").longs();
        FloatBuffer embedding = named(named, "image_embedding").floats();
        Tensor hasImage = named(named, "has_image");
        List<Row> rows = new ArrayList<>(hasImage.elements());
        for (int row = 0; row < hasImage.elements(); row++) {
            float[] values = new float[cells];
            history.get(row * cells, values);
            boolean[] observedCells = new boolean[cells];
            for (int i = 0; i < cells; i++) {
                observedCells[i] = observed.booleanAt(row * cells + i);
            }
            long[] ids = new long[3];
            staticIds.get(row * 3, ids);
            float[] rowEmbedding = new float[layout.embeddingLength()];
            embedding.get(row * rowEmbedding.length, rowEmbedding);
            rows.add(new Row(values, observedCells, lastWeek.get(row), ids, rowEmbedding, hasImage.booleanAt(row)));
        }
        return rows;
    }

    /** The outputs of the given names, in that order. */
    public static List<Tensor> outputs(List<RowForecast> rows, List<String> names) {
        return names.stream().map(name -> output(rows, name)).toList();
    }

    private static Tensor output(List<RowForecast> rows, String name) {
        return switch (name) {
            case "quantiles" -> quantiles(rows, name);
            case "trend_class" ->
                Tensor.ofLongs(
                        name,
                        new long[] {rows.size()},
                        rows.stream().mapToLong(RowForecast::trendClass).toArray());
            case "variable_weights" ->
                floats(name, rows.stream().map(RowForecast::variableWeights).toList());
            case "week_weights" ->
                floats(name, rows.stream().map(RowForecast::weekWeights).toList());
            default -> throw new IllegalArgumentException("outputs: the forecaster gives no " + name);
        };
    }

    private static Tensor quantiles(List<RowForecast> rows, String name) {
        int weeks = rows.get(0).quantiles().length;
        int levels = rows.get(0).quantiles()[0].length;
        FloatBuffer values = FloatBuffer.allocate(rows.size() * weeks * levels);
        for (RowForecast row : rows) {
            for (float[] week : row.quantiles()) {
                values.put(week);
            }
        }
        return Tensor.ofFloats(name, new long[] {rows.size(), weeks, levels}, values.array());
    }

    /** A tensor {@code [B, length]} of one array for each row. */
    public static Tensor floats(String name, List<float[]> rows) {
        int length = rows.get(0).length;
        FloatBuffer values = FloatBuffer.allocate(rows.size() * length);
        rows.forEach(values::put);
        return Tensor.ofFloats(name, new long[] {rows.size(), length}, values.array());
    }

    private static Tensor named(Map<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("inputs: " + name + " is missing");
        }
        return tensor;
    }
}
