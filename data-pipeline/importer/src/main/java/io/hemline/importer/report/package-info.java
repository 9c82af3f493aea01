/**
 * The account of an import: guesses, findings, and the balance of values read, kept, merged, empty and refused.
 */
@NullMarked
package io.hemline.importer.report;

import org.jspecify.annotations.NullMarked;
