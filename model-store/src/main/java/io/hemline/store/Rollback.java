package io.hemline.store;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Where a channel may go back to. Immutable. */
record Rollback(String model, Channel channel, int wished) {

    /** The greatest intact version below the wished one. */
    int target(List<Integer> versions, IntPredicate intact) {
        return versions.stream()
                .filter(version -> version < wished)
                .sorted(Comparator.reverseOrder())
                .filter(intact::test)
                .findFirst()
                .orElseThrow(() -> new StoreException(String.format(
                        Locale.ROOT,
                        "%s has no intact version below %d, which %s wishes; nothing was changed",
                        model,
                        wished,
                        channel.path())));
    }

    /** Refuses a version that is not below the wished one. */
    void checkTarget(int version) {
        if (version >= wished) {
            throw new StoreException(String.format(
                    Locale.ROOT,
                    "version %d is not below %d, which %s of %s wishes; use promote to go forward",
                    version,
                    wished,
                    channel.path(),
                    model));
        }
    }

    static StoreException nothingWished(String model, Channel channel) {
        return new StoreException(
                String.format(Locale.ROOT, "%s of %s names no version yet; use promote", channel.path(), model));
    }
}
