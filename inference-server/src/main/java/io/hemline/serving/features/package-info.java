/**
 * From a question to all that is known of it: weekly features of known trends, a caller's own series, images. Depends on
 * {@code core}, {@code config} and the store.
 */
@NullMarked
package io.hemline.serving.features;

import org.jspecify.annotations.NullMarked;
