/**
 * Readers of files: each file is one table or several, and a table is a sequence of rows of cells. Uses {@code report}.
 */
@NullMarked
package io.hemline.importer.table;

import org.jspecify.annotations.NullMarked;
