package io.hemline.serving.core;

/** The live model version, as far as a door needs to know it. */
public interface LiveVersion {

    /** Its name in answers. */
    ModelIdentity identity();

    /** What it remembers. May be read without a lease: nothing in it computes. */
    AnswerCache memory();

    /** Counts an answer that it gave from memory. */
    void answered(long nanos);
}
