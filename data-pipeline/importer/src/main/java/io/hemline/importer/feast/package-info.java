/**
 * Writing into the online store of Feast, and telling running servers. Uses {@code snapshot}, {@code report}, and the
 * server's settings, key format and event format, so that both sides have one definition.
 */
@NullMarked
package io.hemline.importer.feast;

import org.jspecify.annotations.NullMarked;
