/**
 * The importer: turns the files that people have (CSV, XLSX, Parquet) into a feature snapshot, and back-tests forecasts
 * on them. May use every package below it.
 */
@NullMarked
package io.hemline.importer;

import org.jspecify.annotations.NullMarked;
