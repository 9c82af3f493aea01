/** A receiver of spans for tests. */
@NullMarked
package io.hemline.serving.trace.testing;

import org.jspecify.annotations.NullMarked;
