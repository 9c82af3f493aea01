@NullMarked
package io.hemline.serving.messaging.testing;

import org.jspecify.annotations.NullMarked;
