@NullMarked
package io.hemline.serving.oip.grpc;

import org.jspecify.annotations.NullMarked;
