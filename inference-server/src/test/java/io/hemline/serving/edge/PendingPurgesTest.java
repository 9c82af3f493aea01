package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.edge.Purge.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PendingPurgesTest {

    private static final Instant SINCE = Instant.parse("2026-11-16T06:00:00Z");

    private final PendingPurges wanted = new PendingPurges("trend");

    @Test
    void aSwapMakesTheModelsAnswersStale() {
        wanted.versions(live(7), live(8));

        assertThat(wanted.take(live(8), SINCE))
                .isEqualTo(new Purge(Mode.SOFT, List.of("model:trend"), List.of(8), SINCE));
        assertThat(wanted.isEmpty()).isTrue();
    }

    @Test
    void aRollBackBansTheVersionThatWasTakenBack() {
        wanted.versions(live(8), live(7));

        assertThat(wanted.take(live(7), SINCE))
                .isEqualTo(new Purge(Mode.HARD, List.of("version:8"), List.of(7), SINCE));
        assertThat(wanted.isEmpty()).isTrue();
    }

    @Test
    void theFirstVersionIsNamed() {
        wanted.versions(live(), live(8));

        assertThat(wanted.take(live(8), SINCE))
                .isEqualTo(new Purge(Mode.SOFT, List.of("version:8"), List.of(8), SINCE));
    }

    @Test
    void aCanaryIsNamedBesideTheStableVersionAndBannedWhenItIsTakenBack() {
        wanted.versions(live(7), live(7, 8));
        Purge begun = wanted.take(live(7, 8), SINCE);
        wanted.versions(live(7, 8), live(7));
        Purge ended = wanted.take(live(7), SINCE);

        assertThat(begun).isEqualTo(new Purge(Mode.SOFT, List.of("version:8"), List.of(7, 8), SINCE));
        assertThat(ended).isEqualTo(new Purge(Mode.HARD, List.of("version:8"), List.of(7), SINCE));
    }

    @Test
    void aCanaryThatBecomesStableFollowsTheOldVersion() {
        wanted.versions(live(7, 8), live(8));

        assertThat(wanted.take(live(8), SINCE).tags()).containsExactly("model:trend");
    }

    @Test
    void whatIsBannedGoesOutFirst() {
        wanted.market("vn");
        wanted.versions(live(8), live(7));

        assertThat(wanted.take(live(7), SINCE).mode()).isEqualTo(Mode.HARD);
        assertThat(wanted.take(live(7), SINCE).mode()).isEqualTo(Mode.SOFT);
    }

    @Test
    void equalWishesAreOneAndOthersGoTogether() {
        wanted.market("vn");
        wanted.market("us");
        wanted.market("vn");

        assertThat(wanted.take(live(7), SINCE).tags()).containsExactly("market:vn", "market:us");
    }

    @Test
    void aMarketThatNoTagCanHoldStandsForAll() {
        wanted.market("việt nam");
        wanted.market("a,b");
        wanted.market("");

        assertThat(wanted.take(live(7), SINCE).tags()).containsExactly("model:trend");
    }

    @Test
    void tooManyMarketsAreTheWholeModel() {
        IntStream.rangeClosed(1, PendingPurges.MAX_TAGS).forEach(i -> wanted.market("m" + i));
        assertThat(wanted.size()).isEqualTo(PendingPurges.MAX_TAGS);

        wanted.market("one-more");

        assertThat(wanted.take(live(7), SINCE).tags()).containsExactly("model:trend");
    }

    @Test
    void ofTooManyVersionsTakenBackTheLatestCount() {
        IntStream.rangeClosed(2, 2 + PendingPurges.MAX_TAGS).forEach(bad -> wanted.versions(live(bad), live(1)));

        List<String> tags = wanted.take(live(1), SINCE).tags();

        assertThat(tags)
                .hasSize(PendingPurges.MAX_TAGS)
                .doesNotContain("version:2")
                .contains("version:3");
    }

    @Test
    void whatDidNotArriveIsWantedAgainWithTheVersionsOfThen() {
        wanted.versions(live(7), live(8));
        wanted.again(wanted.take(live(8), SINCE));
        wanted.versions(live(8), live(9));

        assertThat(wanted.take(live(9), SINCE))
                .isEqualTo(new Purge(Mode.SOFT, List.of("model:trend"), List.of(9), SINCE));
    }

    private static SortedSet<Integer> live(Integer... versions) {
        return new TreeSet<>(Set.of(versions));
    }
}
