@NullMarked
package io.hemline.serving.protocol;

import org.jspecify.annotations.NullMarked;
