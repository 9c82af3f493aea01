/**
 * The Open Inference Protocol v2: checks of tensors for both of its transports, and REST. Depends on {@code core},
 * {@code http}, {@code security} and the store.
 */
@NullMarked
package io.hemline.serving.oip;

import org.jspecify.annotations.NullMarked;
