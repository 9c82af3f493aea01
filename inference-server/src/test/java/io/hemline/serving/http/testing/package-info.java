/** Fakes for the tests of the HTTP listener. */
@NullMarked
package io.hemline.serving.http.testing;

import org.jspecify.annotations.NullMarked;
