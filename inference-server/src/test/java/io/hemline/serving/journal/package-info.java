@NullMarked
package io.hemline.serving.journal;

import org.jspecify.annotations.NullMarked;
