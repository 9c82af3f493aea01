/** Groups concurrent rows into batches, and owns the threads that run them. Depends on {@code core}. */
@NullMarked
package io.hemline.serving.batch;

import org.jspecify.annotations.NullMarked;
