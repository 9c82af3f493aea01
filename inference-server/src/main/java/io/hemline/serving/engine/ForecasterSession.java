package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.core.Closing;
import io.hemline.store.Manifest;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One worker's use of the forecaster graph: rows into its input buffers, and out of its output buffers.
 *
 * <p>Confined to one worker, but for {@link #close}, which is called when the worker has ended.
 */
public final class ForecasterSession implements BatchWork<Row, RowForecast>, AutoCloseable {

    private final GraphSession graph;
    private final BatchSizes sizes;
    private final RunTimes clock = new RunTimes(System::nanoTime);
    private final ForecasterTensors inputs;
    private final ForecasterTensors outputs;
    private final FloatBuffer history;
    private final ByteBuffer observed;
    private final LongBuffer lastWeek;
    private final LongBuffer staticIds;
    private final FloatBuffer embedding;
    private final ByteBuffer hasImage;
    private final FloatBuffer quantiles;
    private final LongBuffer trendClass;
    private final FloatBuffer variableWeights;
    private final FloatBuffer weekWeights;
    private final byte[] observedRow;
    private final float[] noEmbedding;
    private final int steps;
    private final int levels;
    private final int drivers;

    public ForecasterSession(GraphSession graph, Manifest manifest, BatchSizes sizes) {
        this.graph = graph;
        this.sizes = sizes;
        Manifest.Graph signature = manifest.graphs().forecaster();
        this.inputs = new ForecasterTensors(signature.inputs(), sizes.max());
        this.outputs = new ForecasterTensors(signature.outputs(), sizes.max());
        this.history = inputs.buffer("history").asFloatBuffer();
        this.observed = inputs.buffer("observed");
        this.lastWeek = inputs.buffer("last_week").asLongBuffer();
        this.staticIds = inputs.buffer("static_ids").asLongBuffer();
        this.embedding = inputs.buffer("image_embedding").asFloatBuffer();
        this.hasImage = inputs.buffer("has_image");
        this.quantiles = outputs.buffer("quantiles").asFloatBuffer();
        this.trendClass = outputs.buffer("trend_class").asLongBuffer();
        this.variableWeights = outputs.buffer("variable_weights").asFloatBuffer();
        this.weekWeights = outputs.buffer("week_weights").asFloatBuffer();
        this.observedRow =
                new byte[manifest.contextLength() * manifest.variables().size()];
        this.noEmbedding = new float[manifest.embeddingDim()];
        this.steps = manifest.horizon();
        this.levels = manifest.quantileLevels().size();
        this.drivers = manifest.drivers().size();
    }

    @Override
    public List<RowForecast> run(List<Row> rows) {
        int size = sizes.padded(rows.size());
        for (int place = 0; place < size; place++) {
            // What is left over repeats the last row: a row that the graph can bear, whose answer nobody reads.
            put(place, rows.get(Math.min(place, rows.size() - 1)));
        }
        clock.filled();
        graph.run(inputs.ofRows(size), outputs.ofRows(size));
        clock.ran();
        List<RowForecast> forecasts = new ArrayList<>(rows.size());
        for (int place = 0; place < rows.size(); place++) {
            forecasts.add(get(place));
        }
        return forecasts;
    }

    /** Tells of the last run. */
    RunTimes clock() {
        return clock;
    }

    private void put(int place, Row row) {
        int cells = observedRow.length;
        history.put(place * cells, row.history(), 0, cells);
        for (int i = 0; i < cells; i++) {
            observedRow[i] = row.observed()[i] ? (byte) 1 : 0;
        }
        observed.put(place * cells, observedRow);
        lastWeek.put(place, row.lastWeek());
        staticIds.put(place * 3, row.staticIds());
        float[] look = row.embedding();
        embedding.put(place * noEmbedding.length, look == null ? noEmbedding : look, 0, noEmbedding.length);
        hasImage.put(place, row.hasImage() ? (byte) 1 : 0);
    }

    private RowForecast get(int place) {
        float[][] quantile = new float[steps][levels];
        for (int step = 0; step < steps; step++) {
            quantiles.get((place * steps + step) * levels, quantile[step]);
        }
        float[] variables = new float[drivers];
        variableWeights.get(place * drivers, variables);
        float[] weeks = new float[weekWeights.capacity() / sizes.max()];
        weekWeights.get(place * weeks.length, weeks);
        return new RowForecast(quantile, trendClass.get(place), variables, weeks);
    }

    @Override
    public void close() {
        Closing.all(List.of(inputs, outputs));
    }
}
