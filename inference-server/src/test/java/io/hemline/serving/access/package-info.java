@NullMarked
package io.hemline.serving.access;

import org.jspecify.annotations.NullMarked;
