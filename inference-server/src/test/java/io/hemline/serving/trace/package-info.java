@NullMarked
package io.hemline.serving.trace;

import org.jspecify.annotations.NullMarked;
