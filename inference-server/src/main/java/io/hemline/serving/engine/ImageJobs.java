package io.hemline.serving.engine;

import io.hemline.serving.engine.image.EncoderInput;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes one job for each image of a tensor: pixels as UINT8, or files as BYTES. */
public final class ImageJobs {

    private ImageJobs() {}

    public static List<ImageJob> of(Tensor batch) {
        return batch.datatype() == Datatype.BYTES ? files(batch) : pixels(batch);
    }

    private static List<ImageJob> pixels(Tensor batch) {
        List<ImageJob> jobs = new ArrayList<>();
        ByteBuffer pixels = batch.data();
        for (int at = 0; at < pixels.capacity(); at += EncoderInput.BYTES) {
            byte[] image = new byte[EncoderInput.BYTES];
            pixels.get(at, image);
            jobs.add(ImageJob.ofSquare(image));
        }
        return jobs;
    }

    private static List<ImageJob> files(Tensor batch) {
        List<ImageJob> jobs = new ArrayList<>();
        for (ByteBuffer file : batch.byteStrings()) {
            jobs.add(ImageJob.ofFile(file, "tensor \"" + batch.name() + "\": element " + jobs.size()));
        }
        return jobs;
    }
}
