/**
 * Tells the edge in front of us what it must forget: after every swap, and when the features of a market changed. Depends
 * on nothing of ours.
 */
@NullMarked
package io.hemline.serving.edge;

import org.jspecify.annotations.NullMarked;
