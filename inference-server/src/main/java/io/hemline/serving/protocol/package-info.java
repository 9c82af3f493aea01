/**
 * The Open Inference Protocol v2 beside our own: tensors in, tensors out, as JSON over HTTP. Depends on {@code http} for
 * the door, on {@code forecast} for failures and on the store for tensors; who runs the models comes in as {@link
 * io.hemline.serving.protocol.TensorModels}.
 */
@NullMarked
package io.hemline.serving.protocol;

import org.jspecify.annotations.NullMarked;
