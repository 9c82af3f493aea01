package io.hemline.serving.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.engine.image.EncoderInput;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * One worker's use of the image encoder graph, one image at a time: batches of images gain nothing on a processor.
 *
 * <p>Confined to one worker, but for {@link #close}, which is called when the worker has ended.
 */
final class EncoderSession implements BatchWork<Callable<byte[]>, float[]>, AutoCloseable {

    private final GraphSession graph;
    private final NDManager manager;
    private final ByteBuffer pixels = ByteBuffer.allocateDirect(EncoderInput.BYTES);
    private final NDList input;
    private final RunTimes clock = new RunTimes(System::nanoTime);

    EncoderSession(GraphSession graph) {
        this.graph = graph;
        this.manager = graph.newManager();
        NDArray array = manager.create(
                pixels.duplicate(), new Shape(1, EncoderInput.SIDE, EncoderInput.SIDE, 3), DataType.UINT8);
        array.setName("image");
        this.input = new NDList(array);
    }

    @Override
    public List<float[]> run(List<Callable<byte[]>> images) throws Exception {
        pixels.put(0, images.get(0).call());
        clock.filled();
        try (NDList outputs = graph.run(input)) {
            clock.ran();
            return List.of(outputs.head().toFloatArray());
        }
    }

    /** Tells of the last run. */
    RunTimes clock() {
        return clock;
    }

    @Override
    public void close() {
        manager.close();
    }
}
