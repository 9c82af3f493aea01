package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.edge.Purger.Purge;
import io.hemline.serving.edge.Purger.Purge.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Pattern;

/**
 * The tags that the next purges carry. Equal tags are merged and all tags of a mode are sent together. The number of
 * tags never exceeds the edge's limit: too many soft tags become the tag of the whole model, and of too many hard tags
 * the oldest are dropped.
 *
 * <p>Confined to one event loop.
 */
final class PendingPurges {

    /** The edge's limit of tags per purge. */
    static final int MAX_TAGS = 200;

    /** A name that is valid in a cache tag. */
    private static final Pattern NAME = Pattern.compile("[!-+\\--~]{1,100}");

    private final String modelTag;
    private final Set<String> soft = new LinkedHashSet<>();
    private final Set<String> hard = new LinkedHashSet<>();

    PendingPurges(String model) {
        this.modelTag = "model:" + requireNonNull(model, "model");
    }

    /** Adds a market whose features have changed; one whose name is not valid in a tag purges the whole model. */
    void market(String market) {
        add(Mode.SOFT, List.of(NAME.matcher(market).matches() ? "market:" + market : modelTag));
    }

    /*
     * A version that is no longer live while a greater one is was superseded: its responses may be served stale. One
     * that was greater than all live versions was rolled back: its responses must not be served again. A version that
     * is live together with others, such as a canary, makes few responses stale; its purge carries the new list of live
     * versions.
     */
    void versions(SortedSet<Integer> before, SortedSet<Integer> now) {
        List<String> stale = new ArrayList<>();
        List<String> rolledBack = new ArrayList<>();
        for (int version : before) {
            if (!now.contains(version) && version > now.last()) {
                rolledBack.add("version:" + version);
            } else if (!now.contains(version)) {
                stale.add(modelTag);
            }
        }
        if (rolledBack.isEmpty() && stale.isEmpty()) {
            now.stream()
                    .filter(version -> !before.contains(version))
                    .forEach(version -> stale.add("version:" + version));
        }
        add(Mode.SOFT, stale);
        add(Mode.HARD, rolledBack);
    }

    /** Adds the tags of a purge that failed. */
    void restore(Purge purge) {
        add(purge.mode(), purge.tags());
    }

    private void add(Mode mode, Collection<String> tags) {
        if (mode == Mode.HARD) {
            hard.addAll(tags);
            for (Iterator<String> oldest = hard.iterator(); hard.size() > MAX_TAGS; ) {
                oldest.next();
                oldest.remove();
            }
            return;
        }
        soft.addAll(tags);
        if (soft.size() > MAX_TAGS) {
            soft.clear();
            soft.add(modelTag);
        }
    }

    boolean isEmpty() {
        return soft.isEmpty() && hard.isEmpty();
    }

    int size() {
        return soft.size() + hard.size();
    }

    /** Removes the tags of the stricter mode and returns them as a purge; there must be one at least. */
    Purge take(SortedSet<Integer> live, Instant since) {
        Mode mode = hard.isEmpty() ? Mode.SOFT : Mode.HARD;
        Set<String> tags = mode == Mode.HARD ? hard : soft;
        Purge purge = new Purge(mode, List.copyOf(tags), List.copyOf(live), since);
        tags.clear();
        return purge;
    }
}
