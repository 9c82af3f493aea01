/** The HTTP listener: limits, negotiation, problems, cached responses. Depends on {@code core} and {@code security}. */
@NullMarked
package io.hemline.serving.http;

import org.jspecify.annotations.NullMarked;
