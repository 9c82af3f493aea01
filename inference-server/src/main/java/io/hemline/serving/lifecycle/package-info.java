/**
 * The lifecycle of a model version: reconcile its channel, load, pass the gate, calibrate, lease, drain, close.
 * Depends on {@code core}, {@code engine}, {@code batch}, {@code features} and the store.
 */
@NullMarked
package io.hemline.serving.lifecycle;

import org.jspecify.annotations.NullMarked;
