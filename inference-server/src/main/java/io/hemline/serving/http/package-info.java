/**
 * The door: HTTP in and out. Reads and checks questions, writes answers and problems, and is the only room that decides
 * status codes and headers. Depends on {@code forecast}, {@code access} and {@code metrics} alone; other protocols hand in their {@link
 * io.hemline.serving.http.Resource resources} and are served by the same door.
 */
@NullMarked
package io.hemline.serving.http;

import org.jspecify.annotations.NullMarked;
