/** What is asked, what is answered, what can fail, and the port of images; depends on nothing of ours. */
@NullMarked
package io.hemline.serving.core;

import org.jspecify.annotations.NullMarked;
