/**
 * One model version from its folder to its last answer: loading, proving, warming, living, draining, closing; and what
 * decides which version lives. Depends on {@code forecast}, {@code features}, {@code batch} and the store.
 */
@NullMarked
package io.hemline.serving.model;

import org.jspecify.annotations.NullMarked;
