/**
 * Adds features to questions: weekly features of known trends from a snapshot or from Feast's online store, callers' own
 * series, and embeddings of images. Depends on {@code core}, {@code config} and the store.
 */
@NullMarked
package io.hemline.serving.features;

import org.jspecify.annotations.NullMarked;
