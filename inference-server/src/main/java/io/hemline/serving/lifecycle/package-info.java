/** One model version from its folder to its end: follow the channel, load, prove, warm up, lease, drain, close. Depends on {@code core}, {@code engine}, {@code batch}, {@code features} and the store. */
@NullMarked
package io.hemline.serving.lifecycle;

import org.jspecify.annotations.NullMarked;
