/** Settings from files, the environment and options; depends on nothing of ours. */
@NullMarked
package io.hemline.serving.config;

import org.jspecify.annotations.NullMarked;
