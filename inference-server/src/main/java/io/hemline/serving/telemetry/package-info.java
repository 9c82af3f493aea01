/** Meters, the access log and traces. Depends on {@code core} and {@code http}, which tells it of every request. */
@NullMarked
package io.hemline.serving.telemetry;

import org.jspecify.annotations.NullMarked;
