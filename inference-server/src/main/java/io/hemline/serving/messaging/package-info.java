/**
 * Kafka: consumes {@code features-updated} (trends whose features changed), publishes computed forecasts to
 * {@code forecasts-served}. Depends on {@code core}.
 */
@NullMarked
package io.hemline.serving.messaging;

import org.jspecify.annotations.NullMarked;
