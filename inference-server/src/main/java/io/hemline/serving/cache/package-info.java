/** Remembers forecasts of one model version, so that a question is computed once. Depends on {@code core}. */
@NullMarked
package io.hemline.serving.cache;

import org.jspecify.annotations.NullMarked;
