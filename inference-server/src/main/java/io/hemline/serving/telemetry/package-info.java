/**
 * Meters, the access log and traces. Depends on {@code core}, and on {@code http}, which reports completed requests.
 */
@NullMarked
package io.hemline.serving.telemetry;

import org.jspecify.annotations.NullMarked;
