/** The Open Inference Protocol v2 over gRPC, at a port of its own: the same models behind the same checks. */
@NullMarked
package io.hemline.serving.protocol.grpc;

import org.jspecify.annotations.NullMarked;
