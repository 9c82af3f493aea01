/**
 * Writing into the online store of Feast, and telling running servers. Uses {@code snapshot}.
 */
@NullMarked
package io.hemline.importer.feast;

import org.jspecify.annotations.NullMarked;
