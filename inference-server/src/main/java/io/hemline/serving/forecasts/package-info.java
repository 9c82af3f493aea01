/** Forecasts over HTTP: reads questions, writes answers, serves {@code /v1/forecasts}, {@code /predict} and {@code /v1/trends}. Depends on {@code core} and {@code http}. */
@NullMarked
package io.hemline.serving.forecasts;

import org.jspecify.annotations.NullMarked;
