/** The command line of a model store, {@code ./hemline store VERB}. Depends on the store alone. */
@NullMarked
package io.hemline.store.cli;

import org.jspecify.annotations.NullMarked;
