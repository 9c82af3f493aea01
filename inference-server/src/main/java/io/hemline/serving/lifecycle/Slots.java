package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

/**
 * The slots of the served model, one for each role that a version can have.
 *
 * <p>Immutable; each slot is thread-safe.
 */
public record Slots(Slot stable, Slot canary, Slot shadow) {

    public Slots {
        requireNonNull(stable, "stable");
        requireNonNull(canary, "canary");
        requireNonNull(shadow, "shadow");
    }

    /** Empty slots; a model that goes live in the stable one scores all trends. */
    public static Slots empty() {
        return new Slots(new Slot(true), new Slot(false), new Slot(false));
    }
}
