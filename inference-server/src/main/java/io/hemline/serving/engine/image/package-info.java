/**
 * Decodes image files to the encoder's input. The trainer does the same; {@code model-store/fixtures/images} tests both.
 */
@NullMarked
package io.hemline.serving.engine.image;

import org.jspecify.annotations.NullMarked;
