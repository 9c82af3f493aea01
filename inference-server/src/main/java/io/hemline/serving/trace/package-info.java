/**
 * Traces: spans of requests and their stages, sent by OTLP. The only room that knows OpenTelemetry. Depends on {@code
 * http}, which tells it, and {@code forecast}.
 */
@NullMarked
package io.hemline.serving.trace;

import org.jspecify.annotations.NullMarked;
