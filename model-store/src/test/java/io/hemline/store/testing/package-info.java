/** What tests of the store share. */
@NullMarked
package io.hemline.store.testing;

import org.jspecify.annotations.NullMarked;
