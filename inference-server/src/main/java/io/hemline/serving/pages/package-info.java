/** The web pages and the OpenAPI document. Depends on {@code http}. */
@NullMarked
package io.hemline.serving.pages;

import org.jspecify.annotations.NullMarked;
