/** Fakes for the tests of the protocol. */
@NullMarked
package io.hemline.serving.protocol.testing;

import org.jspecify.annotations.NullMarked;
