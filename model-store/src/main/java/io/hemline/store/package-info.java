/** The artifact format and the model store: reading, verifying, promoting. Depends on no other module of Hemline. */
@NullMarked
package io.hemline.store;

import org.jspecify.annotations.NullMarked;
