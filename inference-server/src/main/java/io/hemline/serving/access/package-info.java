/**
 * Who gets in: clients, what they may do, and how they prove who they are. Depends on nothing of ours; each door asks the
 * {@link io.hemline.serving.access.Gate} and answers refusals in its own protocol.
 */
@NullMarked
package io.hemline.serving.access;

import org.jspecify.annotations.NullMarked;
