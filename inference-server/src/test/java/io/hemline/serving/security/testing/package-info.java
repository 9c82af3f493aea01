/** Fakes of the gate's surroundings. */
@NullMarked
package io.hemline.serving.security.testing;

import org.jspecify.annotations.NullMarked;
