/**
 * Points become weekly series that begin on Mondays. Uses {@code parse}, {@code report} and {@code layout}.
 */
@NullMarked
package io.hemline.importer.weekly;

import org.jspecify.annotations.NullMarked;
