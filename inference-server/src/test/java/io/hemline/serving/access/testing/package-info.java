/** Fakes of the gate's surroundings. */
@NullMarked
package io.hemline.serving.access.testing;

import org.jspecify.annotations.NullMarked;
