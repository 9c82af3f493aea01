/**
 * Back-tests of the served model on imported series, beside simple baselines. Uses {@code snapshot}.
 */
@NullMarked
package io.hemline.importer.backtest;

import org.jspecify.annotations.NullMarked;
