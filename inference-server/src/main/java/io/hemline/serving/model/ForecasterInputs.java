package io.hemline.serving.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * The forecaster's input arrays for one batch size, over direct buffers that ONNX Runtime reads without a copy and that
 * are written anew for each batch.
 *
 * <p>Confined to one worker.
 */
final class ForecasterInputs {

    private final int cells;
    private final int embeddingLength;
    private final FloatBuffer history;
    private final ByteBuffer observed;
    private final LongBuffer lastWeek;
    private final LongBuffer staticIds;
    private final FloatBuffer embedding;
    private final ByteBuffer hasImage;
    private final NDList arrays = new NDList();
    private final byte[] observedRow;
    private final float[] noEmbedding;

    ForecasterInputs(NDManager manager, RowLayout layout, int size) {
        this.cells = layout.weeks() * layout.variables();
        this.embeddingLength = layout.embeddingLength();
        this.observedRow = new byte[cells];
        this.noEmbedding = new float[embeddingLength];
        ByteBuffer historyBytes = direct(size * cells * Float.BYTES);
        this.observed = direct(size * cells);
        ByteBuffer lastWeekBytes = direct(size * Long.BYTES);
        ByteBuffer staticBytes = direct(size * 3 * Long.BYTES);
        ByteBuffer embeddingBytes = direct(size * embeddingLength * Float.BYTES);
        this.hasImage = direct(size);
        this.history = historyBytes.asFloatBuffer();
        this.lastWeek = lastWeekBytes.asLongBuffer();
        this.staticIds = staticBytes.asLongBuffer();
        this.embedding = embeddingBytes.asFloatBuffer();
        Shape weekly = new Shape(size, layout.weeks(), layout.variables());
        add(manager, "history", historyBytes, weekly, DataType.FLOAT32);
        add(manager, "observed", observed, weekly, DataType.BOOLEAN);
        add(manager, "last_week", lastWeekBytes, new Shape(size), DataType.INT64);
        add(manager, "static_ids", staticBytes, new Shape(size, 3), DataType.INT64);
        add(manager, "image_embedding", embeddingBytes, new Shape(size, embeddingLength), DataType.FLOAT32);
        add(manager, "has_image", hasImage, new Shape(size), DataType.BOOLEAN);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private void add(NDManager manager, String name, ByteBuffer bytes, Shape shape, DataType type) {
        NDArray array = manager.create(bytes.duplicate().order(ByteOrder.nativeOrder()), shape, type);
        array.setName(name);
        arrays.add(array);
    }

    void put(int place, Row row) {
        history.put(place * cells, row.history());
        for (int i = 0; i < cells; i++) {
            observedRow[i] = row.observed()[i] ? (byte) 1 : 0;
        }
        observed.put(place * cells, observedRow);
        lastWeek.put(place, row.lastWeek());
        staticIds.put(place * 3, row.staticIds());
        float[] look = row.embedding();
        embedding.put(place * embeddingLength, look == null ? noEmbedding : look);
        hasImage.put(place, row.hasImage() ? (byte) 1 : 0);
    }

    NDList arrays() {
        return arrays;
    }
}
