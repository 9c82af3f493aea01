/** The server as a whole: its configuration, its command line, and the list of the steps that a request takes. */
@NullMarked
package io.hemline.serving;

import org.jspecify.annotations.NullMarked;
