/** Kafka: {@code features-updated} tells which trends to read again, {@code forecasts-served} publishes computed forecasts. Depends on {@code core}. */
@NullMarked
package io.hemline.serving.messaging;

import org.jspecify.annotations.NullMarked;
