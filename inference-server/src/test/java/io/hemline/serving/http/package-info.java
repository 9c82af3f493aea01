@NullMarked
package io.hemline.serving.http;

import org.jspecify.annotations.NullMarked;
