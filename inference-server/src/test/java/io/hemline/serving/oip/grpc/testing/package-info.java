/** A gRPC client that can misbehave. */
@NullMarked
package io.hemline.serving.oip.grpc.testing;

import org.jspecify.annotations.NullMarked;
