/**
 * Purges stale responses from the edge cache: after every swap, and when the features of a market have changed. Depends
 * on no other package of the server.
 */
@NullMarked
package io.hemline.serving.edge;

import org.jspecify.annotations.NullMarked;
