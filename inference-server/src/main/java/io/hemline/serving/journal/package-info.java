/**
 * The access log: one line for each request, written off the event loops. Depends on {@code http}, which tells it, and
 * {@code forecast}.
 */
@NullMarked
package io.hemline.serving.journal;

import org.jspecify.annotations.NullMarked;
