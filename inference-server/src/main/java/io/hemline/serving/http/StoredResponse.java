package io.hemline.serving.http;

import io.hemline.serving.core.AnswerCache.CachedResponse;

/** A cached response of one resource: its body and headers, and its bytes in HTTP/1.1. */
public interface StoredResponse extends CachedResponse {

    /** The path that it answers, as metrics name it. */
    String route();

    /** The body and its headers. */
    Representation representation();

    /** The same, encoded in HTTP/1.1; encoded at the first cache hit. */
    EncodedResponse encoded();
}
