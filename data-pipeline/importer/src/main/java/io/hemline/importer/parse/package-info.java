/**
 * Numbers and dates in the forms that people write. Uses no other package of the importer.
 */
@NullMarked
package io.hemline.importer.parse;

import org.jspecify.annotations.NullMarked;
