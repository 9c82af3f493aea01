/**
 * The operators' listener: metrics, the states of the models, promotion and rollback. Depends on {@code core}, {@code
 * http}, {@code security}, {@code lifecycle}, {@code rollout} and the store.
 */
@NullMarked
package io.hemline.serving.admin;

import org.jspecify.annotations.NullMarked;
