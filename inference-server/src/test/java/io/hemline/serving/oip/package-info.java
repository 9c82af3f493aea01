@NullMarked
package io.hemline.serving.oip;

import org.jspecify.annotations.NullMarked;
