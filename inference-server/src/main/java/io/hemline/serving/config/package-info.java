/** Settings from files, the environment and options; depends on no other package of the server. */
@NullMarked
package io.hemline.serving.config;

import org.jspecify.annotations.NullMarked;
