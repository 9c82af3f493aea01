package io.hemline.serving.oip;

import io.hemline.store.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What BYTES must be to stand for a batch of pictures: one file for each row, none over the limit. Whether a file can be
 * decoded is found out where that is done.
 */
final class EncodedImages {

    /** What a client is told that brings neither pixels nor this. */
    static final String ALSO = ", or BYTES of shape [B] or [B, 1]: a JPEG, PNG or WebP file for each row";

    private EncodedImages() {}

    /** Why the shape is none of pictures. */
    static Optional<String> mismatch(Tensor tensor) {
        long[] shape = tensor.shape();
        if (shape.length == 1 || (shape.length == 2 && shape[1] == 1)) {
            return Optional.empty();
        }
        return Optional.of("tensor \"" + tensor.name() + "\": shape is " + tensor.shapeText());
    }

    /** The first picture over the limit. */
    static Optional<String> tooLarge(Tensor tensor, int maxBytes) {
        List<ByteBuffer> files = tensor.byteStrings();
        for (int i = 0; i < files.size(); i++) {
            int bytes = files.get(i).remaining();
            if (bytes > maxBytes) {
                return Optional.of("tensor \"" + tensor.name() + "\": element " + i + " must have at most " + maxBytes
                        + " bytes (http.max-image), has " + bytes);
            }
        }
        return Optional.empty();
    }
}
