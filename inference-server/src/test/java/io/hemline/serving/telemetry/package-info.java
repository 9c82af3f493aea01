@NullMarked
package io.hemline.serving.telemetry;

import org.jspecify.annotations.NullMarked;
