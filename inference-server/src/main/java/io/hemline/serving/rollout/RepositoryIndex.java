package io.hemline.serving.rollout;

import io.hemline.serving.lifecycle.VersionLifecycle;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.serving.tensors.TensorModels.IndexEntry;
import io.hemline.serving.tensors.TensorModels.IndexEntry.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The versions that were loaded or failed to load, with the states of the model repository extension. */
final class RepositoryIndex {

    private RepositoryIndex() {}

    /** One entry for each graph of each version. The reason of a failure is left out, since it may name files. */
    static List<IndexEntry> of(Collection<VersionLifecycle> lifecycles, List<String> graphs) {
        List<IndexEntry> entries = new ArrayList<>();
        for (String graph : graphs) {
            for (VersionLifecycle lifecycle : lifecycles) {
                ModelState state = lifecycle.moment().state();
                String version = Integer.toString(lifecycle.version());
                entries.add(new IndexEntry(graph, version, state(state), reason(state)));
            }
        }
        return entries;
    }

    private static State state(ModelState state) {
        return switch (state) {
            case LIVE -> State.READY;
            case LOADING, WARMING -> State.LOADING;
            case DRAINING -> State.UNLOADING;
            case NEW, CLOSED, FAILED -> State.UNAVAILABLE;
        };
    }

    private static String reason(ModelState state) {
        return switch (state) {
            case LIVE -> "";
            case NEW, LOADING, WARMING -> state.word();
            case DRAINING, CLOSED -> "another version is live";
            case FAILED -> "did not pass its checks; GET /models on the admin listener says why";
        };
    }
}
