/**
 * Numbers and dates in the forms that people write. Uses {@code report} only.
 */
@NullMarked
package io.hemline.importer.parse;

import org.jspecify.annotations.NullMarked;
