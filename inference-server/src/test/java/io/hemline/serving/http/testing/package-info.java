/** Fakes for the tests of the door. */
@NullMarked
package io.hemline.serving.http.testing;

import org.jspecify.annotations.NullMarked;
