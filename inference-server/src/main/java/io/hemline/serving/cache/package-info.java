/**
 * Caches forecasts and responses of one model version, so that each question is computed once. Depends on {@code core}.
 */
@NullMarked
package io.hemline.serving.cache;

import org.jspecify.annotations.NullMarked;
