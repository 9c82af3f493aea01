/** Questions, answers, failures, and the port of the image encoder; depends on no other package of the server. */
@NullMarked
package io.hemline.serving.core;

import org.jspecify.annotations.NullMarked;
