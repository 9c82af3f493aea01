/** The artifact format of a model store: reading, verifying and pointing. Depends on no other room. */
@NullMarked
package io.hemline.store;

import org.jspecify.annotations.NullMarked;
