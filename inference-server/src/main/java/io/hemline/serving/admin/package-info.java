/**
 * What operators see and move, on a listener of its own. Depends on {@code core}, {@code http}, {@code security}, {@code
 * lifecycle}, {@code rollout} and the store.
 */
@NullMarked
package io.hemline.serving.admin;

import org.jspecify.annotations.NullMarked;
