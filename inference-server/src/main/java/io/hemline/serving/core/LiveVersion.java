package io.hemline.serving.core;

/** A model version that answers requests, as its response cache shows it. */
public interface LiveVersion {

    /** Its name in answers. */
    ModelIdentity identity();

    /** Its cache. It may be read without a lease: nothing in it computes. */
    AnswerCache cache();

    /** Records the latency of a response that came from the cache. */
    void answeredFromCache(long nanos);
}
