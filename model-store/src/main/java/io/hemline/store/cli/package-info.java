/** The command line of a model store, {@code ./hemline store VERB}. Depends on the store and on no other room. */
@NullMarked
package io.hemline.store.cli;

import org.jspecify.annotations.NullMarked;
