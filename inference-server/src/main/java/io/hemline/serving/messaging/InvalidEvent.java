package io.hemline.serving.messaging;

/** An event that nobody can use. */
final class InvalidEvent extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    InvalidEvent(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /** What is wrong with it. */
    enum Kind {
        /** Longer than any event may be. */
        TOO_BIG,
        /** No JSON at all. */
        NOT_JSON,
        /** JSON that the topic's schema forbids. */
        INVALID
    }
}
