/**
 * Embeddings of trends' images, by the encoder of the served model. Uses {@code snapshot}, {@code report}, the model store,
 * and the server's decoding of images and running of graphs, so that an image has the embedding that the server computes.
 */
@NullMarked
package io.hemline.importer.images;

import org.jspecify.annotations.NullMarked;
