package io.hemline.serving.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Versions that failed, with the stamp of their files: as long as those stay the same they would only fail again.
 *
 * <p>Confined to the watcher's thread.
 */
final class FailedStamps {

    private static final int KEPT = 32;

    private final Map<Integer, String> stamps = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
            return size() > KEPT;
        }
    };

    /** Whether the version failed with these very files. */
    boolean has(int version, String stamp) {
        return stamp.equals(stamps.get(version));
    }

    /** Remembers a failure, if it is one that lasts. */
    void add(int version, String stamp, LoadException failure) {
        if (failure.lasting()) {
            stamps.put(version, stamp);
        }
    }

    /** Lets the version be tried again. */
    void forget(int version) {
        stamps.remove(version);
    }
}
