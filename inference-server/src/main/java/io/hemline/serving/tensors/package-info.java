/**
 * The port of models that run on tensors, with their signatures, versions and statistics. Depends on {@code core} and the
 * store.
 */
@NullMarked
package io.hemline.serving.tensors;

import org.jspecify.annotations.NullMarked;
