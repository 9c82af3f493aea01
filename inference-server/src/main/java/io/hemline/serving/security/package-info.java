/** Authentication, scopes, quotas, allowed hosts and TLS; depends on no other package of the server. */
@NullMarked
package io.hemline.serving.security;

import org.jspecify.annotations.NullMarked;
