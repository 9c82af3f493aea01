@NullMarked
package io.hemline.serving.edge.testing;

import org.jspecify.annotations.NullMarked;
