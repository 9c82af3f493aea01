/**
 * Kafka in and out: {@code features-updated} tells which trends to read again, {@code forecasts-served} tells others what
 * was computed. Depends on {@code forecast}.
 */
@NullMarked
package io.hemline.serving.events;

import org.jspecify.annotations.NullMarked;
