@NullMarked
package io.hemline.serving.security;

import org.jspecify.annotations.NullMarked;
