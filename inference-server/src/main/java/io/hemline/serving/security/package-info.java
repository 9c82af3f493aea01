/** Authentication, scopes, quotas, allowed hosts and TLS; depends on nothing of ours. */
@NullMarked
package io.hemline.serving.security;

import org.jspecify.annotations.NullMarked;
