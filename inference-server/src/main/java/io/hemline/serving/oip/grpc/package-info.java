/** The Open Inference Protocol v2 over gRPC, on a port of its own. */
@NullMarked
package io.hemline.serving.oip.grpc;

import org.jspecify.annotations.NullMarked;
