/** What bare parts can do on this machine: the limits that the server is measured against. Not shipped. */
@NullMarked
package io.hemline.serving.bench;

import org.jspecify.annotations.NullMarked;
