/**
 * The feature snapshot: trend records, merging with an earlier import, atomic writing. Uses {@code weekly}, {@code layout},
 * {@code table}, {@code parse} and {@code report}.
 */
@NullMarked
package io.hemline.importer.snapshot;

import org.jspecify.annotations.NullMarked;
