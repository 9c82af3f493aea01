/**
 * What is counted on the way of a request that no other room counts itself. Depends on {@code forecast} alone; rooms with
 * numbers of their own register them themselves.
 */
@NullMarked
package io.hemline.serving.metrics;

import org.jspecify.annotations.NullMarked;
