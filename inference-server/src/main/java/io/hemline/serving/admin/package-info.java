/** What operators see and move, on a listener of its own. Depends on {@code model} and on the store. */
@NullMarked
package io.hemline.serving.admin;

import org.jspecify.annotations.NullMarked;
