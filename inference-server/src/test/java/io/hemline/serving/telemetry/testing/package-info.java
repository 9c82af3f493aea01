/** A receiver of OTLP spans for tests. */
@NullMarked
package io.hemline.serving.telemetry.testing;

import org.jspecify.annotations.NullMarked;
