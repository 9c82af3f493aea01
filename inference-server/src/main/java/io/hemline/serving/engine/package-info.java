/**
 * The ONNX graphs of one version: sessions, tensors, batches of rows, the image encoder. Depends on {@code core},
 * {@code batch} and the store.
 */
@NullMarked
package io.hemline.serving.engine;

import org.jspecify.annotations.NullMarked;
