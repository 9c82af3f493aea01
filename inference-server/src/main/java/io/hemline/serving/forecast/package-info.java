/** The words of the server: what is asked, what is answered, what can fail. Depends on no other room. */
@NullMarked
package io.hemline.serving.forecast;

import org.jspecify.annotations.NullMarked;
