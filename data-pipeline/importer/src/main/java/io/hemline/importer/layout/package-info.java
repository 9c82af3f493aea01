/**
 * The arrangements of series in a table, and the points that each row holds. Uses {@code table}, {@code parse}, {@code report}.
 */
@NullMarked
package io.hemline.importer.layout;

import org.jspecify.annotations.NullMarked;
