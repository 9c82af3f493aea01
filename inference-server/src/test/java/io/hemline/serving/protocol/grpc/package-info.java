@NullMarked
package io.hemline.serving.protocol.grpc;

import org.jspecify.annotations.NullMarked;
