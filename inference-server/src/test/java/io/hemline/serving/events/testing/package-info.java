@NullMarked
package io.hemline.serving.events.testing;

import org.jspecify.annotations.NullMarked;
