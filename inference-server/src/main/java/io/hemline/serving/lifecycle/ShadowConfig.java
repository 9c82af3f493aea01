package io.hemline.serving.lifecycle;

/**
 * How the version of the shadow channel is tried on copies of questions.
 *
 * <p>Immutable.
 *
 * @param load the share of its time in which it computes, 0 for no shadow
 */
public record ShadowConfig(double load) {

    public ShadowConfig {
        if (!(load >= 0 && load <= 1)) {
            throw new IllegalArgumentException("load: 0 to 1, not " + load);
        }
    }

    /** A tenth of one processor. */
    public static ShadowConfig defaults() {
        return new ShadowConfig(0.1);
    }
}
