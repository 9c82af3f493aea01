@NullMarked
package io.hemline.serving.core;

import org.jspecify.annotations.NullMarked;
