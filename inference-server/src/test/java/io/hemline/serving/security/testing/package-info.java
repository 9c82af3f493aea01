/** Issuers, certificates and clocks for tests of authentication. */
@NullMarked
package io.hemline.serving.security.testing;

import org.jspecify.annotations.NullMarked;
