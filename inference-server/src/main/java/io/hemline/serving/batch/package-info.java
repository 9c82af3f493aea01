/** Gathers what is asked at the same time into batches, and owns the threads that run them. Depends on no other room. */
@NullMarked
package io.hemline.serving.batch;

import org.jspecify.annotations.NullMarked;
