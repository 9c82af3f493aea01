package io.hemline.serving.lifecycle;

/**
 * How much a shadow computes on copies of questions.
 *
 * <p>Immutable.
 *
 * @param load the share of the time in which the shadow computes, 0 for no shadow
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
