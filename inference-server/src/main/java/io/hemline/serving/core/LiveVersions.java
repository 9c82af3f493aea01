package io.hemline.serving.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions that answer: the live one, and now and then a canary beside it. */
@FunctionalInterface
public interface LiveVersions {

    /** The version that answers whatever no other does; {@code null} while no model is live. */
    @Nullable LiveVersion live();

    /** The version that is tried on a share of the questions; mostly there is none. */
    default @Nullable LiveVersion canary() {
        return null;
    }

    /** The version that answers these questions, the same one however often and by whomever they are asked. */
    default @Nullable LiveVersion of(List<Question> questions) {
        return live();
    }
}
