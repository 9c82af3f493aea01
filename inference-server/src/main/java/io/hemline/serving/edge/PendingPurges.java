package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.edge.Purge.Mode;
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
 * What the edge has yet to be told. Equal wishes are one, all of a mode go out together, and there are never more than the
 * edge takes at once: too many markets become the whole model, and of versions that were taken back the latest count.
 *
 * <p>Confined to one event loop.
 */
final class PendingPurges {

    /** The edge refuses more tags in one purge. */
    static final int MAX_TAGS = 200;

    /** What the edge takes as the name in a tag, and what the answers' own tags can hold. */
    private static final Pattern NAME = Pattern.compile("[!-+\\--~]{1,100}");

    private final String everything;
    private final Set<String> soft = new LinkedHashSet<>();
    private final Set<String> hard = new LinkedHashSet<>();

    PendingPurges(String model) {
        this.everything = "model:" + requireNonNull(model, "model");
    }

    /** That other features are there for a market; one whose name no tag can hold stands for all. */
    void market(String market) {
        want(Mode.SOFT, List.of(NAME.matcher(market).matches() ? "market:" + market : everything));
    }

    /*
     * A version that went while greater ones stay, or came, was followed: its answers may still help out. One that was
     * greater than all that are live now was taken back: its answers must not be seen again. New versions beside the old
     * ones purge little; they are told because the edge keeps answers of no other version than those named last.
     */
    void versions(SortedSet<Integer> before, SortedSet<Integer> now) {
        List<String> followed = new ArrayList<>();
        List<String> takenBack = new ArrayList<>();
        for (int version : before) {
            if (!now.contains(version) && version > now.last()) {
                takenBack.add("version:" + version);
            } else if (!now.contains(version)) {
                followed.add(everything);
            }
        }
        if (takenBack.isEmpty() && followed.isEmpty()) {
            now.stream()
                    .filter(version -> !before.contains(version))
                    .forEach(version -> followed.add("version:" + version));
        }
        want(Mode.SOFT, followed);
        want(Mode.HARD, takenBack);
    }

    /** Wants a purge that did not arrive as much as before. */
    void again(Purge purge) {
        want(purge.mode(), purge.tags());
    }

    private void want(Mode mode, Collection<String> tags) {
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
            soft.add(everything);
        }
    }

    boolean isEmpty() {
        return soft.isEmpty() && hard.isEmpty();
    }

    int size() {
        return soft.size() + hard.size();
    }

    /** Everything of the strictest mode, as the next purge; there must be something. */
    Purge take(SortedSet<Integer> live, Instant since) {
        Mode mode = hard.isEmpty() ? Mode.SOFT : Mode.HARD;
        Set<String> tags = mode == Mode.HARD ? hard : soft;
        Purge purge = new Purge(mode, List.copyOf(tags), List.copyOf(live), since);
        tags.clear();
        return purge;
    }
}
