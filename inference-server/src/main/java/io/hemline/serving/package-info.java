/** The server as a whole: its configuration, its command line, and the path of a forecast. */
@NullMarked
package io.hemline.serving;

import org.jspecify.annotations.NullMarked;
