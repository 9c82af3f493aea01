package io.hemline.serving.engine.image;

/** An image whose decoding was given up at its deadline. Made without a stack trace: it is no fault of the image. */
public final class LateImage extends Exception {

    private static final long serialVersionUID = 1;

    LateImage() {
        super("the deadline passed before the image was decoded", null, false, false);
    }
}
