/** A gRPC client that can misbehave. */
@NullMarked
package io.hemline.serving.protocol.grpc.testing;

import org.jspecify.annotations.NullMarked;
