/** Fakes for the tests of the protocol. */
@NullMarked
package io.hemline.serving.oip.testing;

import org.jspecify.annotations.NullMarked;
