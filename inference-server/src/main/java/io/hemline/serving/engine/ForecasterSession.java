package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.core.Closing;
import io.hemline.serving.engine.GraphMetrics.RunTimer;
import io.hemline.serving.engine.Row.RowForecast;
import io.hemline.store.Manifest;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the forecaster graph for one worker, through input and output buffers of its own.
 *
 * <p>Confined to one worker, except {@link #close}, which is called after the worker has ended.
 */
public final class ForecasterSession implements BatchWork<Row, RowForecast>, AutoCloseable {

    private final GraphSession graph;
    private final BatchSizes sizes;
    private final RunTimer timer = new RunTimer(System::nanoTime);
    private final GraphBuffers inputs;
    private final GraphBuffers outputs;
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
        this.inputs = new GraphBuffers(signature.inputs(), sizes.max());
        this.outputs = new GraphBuffers(signature.outputs(), sizes.max());
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
        for (int index = 0; index < size; index++) {
            // The last row is repeated as padding; the padding's results are ignored.
            put(index, rows.get(Math.min(index, rows.size() - 1)));
        }
        timer.inputsReady();
        graph.run(inputs.ofRows(size), outputs.ofRows(size));
        timer.graphDone();
        List<RowForecast> forecasts = new ArrayList<>(rows.size());
        for (int index = 0; index < rows.size(); index++) {
            forecasts.add(get(index));
        }
        return forecasts;
    }

    /** The phases of the last run. */
    RunTimer timer() {
        return timer;
    }

    private void put(int index, Row row) {
        int cells = observedRow.length;
        history.put(index * cells, row.history(), 0, cells);
        for (int i = 0; i < cells; i++) {
            observedRow[i] = row.observed()[i] ? (byte) 1 : 0;
        }
        observed.put(index * cells, observedRow);
        lastWeek.put(index, row.lastWeek());
        staticIds.put(index * 3, row.staticIds());
        float[] rowEmbedding = row.embedding();
        embedding.put(
                index * noEmbedding.length, rowEmbedding == null ? noEmbedding : rowEmbedding, 0, noEmbedding.length);
        hasImage.put(index, row.hasImage() ? (byte) 1 : 0);
    }

    private RowForecast get(int index) {
        float[][] rowQuantiles = new float[steps][levels];
        for (int step = 0; step < steps; step++) {
            quantiles.get((index * steps + step) * levels, rowQuantiles[step]);
        }
        float[] variables = new float[drivers];
        variableWeights.get(index * drivers, variables);
        float[] weeks = new float[weekWeights.capacity() / sizes.max()];
        weekWeights.get(index * weeks.length, weeks);
        return new RowForecast(rowQuantiles, trendClass.get(index), variables, weeks);
    }

    @Override
    public void close() {
        Closing.all(List.of(inputs, outputs));
    }
}
