@NullMarked
package io.hemline.serving.forecast;

import org.jspecify.annotations.NullMarked;
