@NullMarked
package io.hemline.serving.metrics;

import org.jspecify.annotations.NullMarked;
