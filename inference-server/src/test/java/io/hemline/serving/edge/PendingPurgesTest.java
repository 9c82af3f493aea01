package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.edge.Purger.Purge;
import io.hemline.serving.edge.Purger.Purge.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PendingPurgesTest {

    private static final Instant SINCE = Instant.parse("2026-11-16T06:00:00Z");

    private final PendingPurges pending = new PendingPurges("trend");

    @Test
    void aSwapPurgesTheModelSoftly() {
        pending.versions(live(7), live(8));

        assertThat(pending.take(live(8), SINCE))
                .isEqualTo(new Purge(Mode.SOFT, List.of("model:trend"), List.of(8), SINCE));
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void aRollbackPurgesTheRolledBackVersionHard() {
        pending.versions(live(8), live(7));

        assertThat(pending.take(live(7), SINCE))
                .isEqualTo(new Purge(Mode.HARD, List.of("version:8"), List.of(7), SINCE));
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void theFirstVersionIsTagged() {
        pending.versions(live(), live(8));

        assertThat(pending.take(live(8), SINCE))
                .isEqualTo(new Purge(Mode.SOFT, List.of("version:8"), List.of(8), SINCE));
    }

    @Test
    void aCanaryIsTaggedAndPurgedHardWhenItIsRolledBack() {
        pending.versions(live(7), live(7, 8));
        Purge started = pending.take(live(7, 8), SINCE);
        pending.versions(live(7, 8), live(7));
        Purge ended = pending.take(live(7), SINCE);

        assertThat(started).isEqualTo(new Purge(Mode.SOFT, List.of("version:8"), List.of(7, 8), SINCE));
        assertThat(ended).isEqualTo(new Purge(Mode.HARD, List.of("version:8"), List.of(7), SINCE));
    }

    @Test
    void aCanaryThatBecomesStableSupersedesTheOldVersion() {
        pending.versions(live(7, 8), live(8));

        assertThat(pending.take(live(8), SINCE).tags()).containsExactly("model:trend");
    }

    @Test
    void hardPurgesPrecedeSoftOnes() {
        pending.market("vn");
        pending.versions(live(8), live(7));

        assertThat(pending.take(live(7), SINCE).mode()).isEqualTo(Mode.HARD);
        assertThat(pending.take(live(7), SINCE).mode()).isEqualTo(Mode.SOFT);
    }

    @Test
    void mergesEqualTagsAndSendsAllTogether() {
        pending.market("vn");
        pending.market("us");
        pending.market("vn");

        assertThat(pending.take(live(7), SINCE).tags()).containsExactly("market:vn", "market:us");
    }

    @Test
    void aMarketThatIsNotValidInATagPurgesTheModel() {
        pending.market("việt nam");
        pending.market("a,b");
        pending.market("");

        assertThat(pending.take(live(7), SINCE).tags()).containsExactly("model:trend");
    }

    @Test
    void tooManyMarketsPurgeTheModel() {
        IntStream.rangeClosed(1, PendingPurges.MAX_TAGS).forEach(i -> pending.market("m" + i));
        assertThat(pending.size()).isEqualTo(PendingPurges.MAX_TAGS);

        pending.market("one-more");

        assertThat(pending.take(live(7), SINCE).tags()).containsExactly("model:trend");
    }

    @Test
    void dropsTheOldestOfTooManyRolledBackVersions() {
        IntStream.rangeClosed(2, 2 + PendingPurges.MAX_TAGS).forEach(bad -> pending.versions(live(bad), live(1)));

        List<String> tags = pending.take(live(1), SINCE).tags();

        assertThat(tags)
                .hasSize(PendingPurges.MAX_TAGS)
                .doesNotContain("version:2")
                .contains("version:3");
    }

    @Test
    void aRestoredPurgeCarriesTheVersionsOfItsRetry() {
        pending.versions(live(7), live(8));
        pending.restore(pending.take(live(8), SINCE));
        pending.versions(live(8), live(9));

        assertThat(pending.take(live(9), SINCE))
                .isEqualTo(new Purge(Mode.SOFT, List.of("model:trend"), List.of(9), SINCE));
    }

    private static SortedSet<Integer> live(Integer... versions) {
        return new TreeSet<>(Set.of(versions));
    }
}
