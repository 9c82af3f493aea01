/** From an image file to what the encoder reads. The trainer does the same; both are held to {@code model-store/fixtures/images}. */
@NullMarked
package io.hemline.serving.engine.image;

import org.jspecify.annotations.NullMarked;
