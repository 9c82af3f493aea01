/** A receiver of spans for tests. */
@NullMarked
package io.hemline.serving.telemetry.testing;

import org.jspecify.annotations.NullMarked;
