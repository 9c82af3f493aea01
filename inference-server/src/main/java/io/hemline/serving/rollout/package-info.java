/**
 * The choice of the version for a request: the canary and its judge, the shadow, and the models as a whole. Depends on
 * {@code core}, {@code lifecycle}, {@code engine}, {@code batch} and {@code features}.
 */
@NullMarked
package io.hemline.serving.rollout;

import org.jspecify.annotations.NullMarked;
