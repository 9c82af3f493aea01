package io.hemline.serving.http;

import io.hemline.serving.core.AnswerCache.CachedResponse;

/** A whole answer of one resource as it is kept: its body and headers, and its bytes on the wire of HTTP/1.1. */
public interface StoredResponse extends CachedResponse {

    /** The path that it answers, as metrics name it. */
    String route();

    /** The body and its headers. */
    Representation representation();

    /** The same, encoded for the wire; made when it is given again for the first time. */
    EncodedResponse encoded();
}
