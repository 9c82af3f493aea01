package io.hemline.serving.rollout;

import static io.hemline.serving.testing.Forecasts.forecastOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.lifecycle.VersionHealth;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CanaryJudgeTest {

    private static final Answer COMPUTED =
            Answer.made(List.of(forecastOf("a")), new ModelIdentity("trend", "2", "00".repeat(32)));
    private static final Answer REMEMBERED =
            new Answer(COMPUTED.forecasts(), COMPUTED.model(), new Freshness(1, 0, 0, 1));

    private final CanaryJudge judge = new CanaryJudge(new StoreConfig.Canary(0.1, 0.02, 2, 100));
    private final VersionHealth live = new VersionHealth(() -> 0);
    private final VersionHealth canary = new VersionHealth(() -> 0);

    @Test
    void saysNothingBeforeEnoughIsKnown() {
        fail(canary, 99, new IllegalStateException());
        answer(live, 1000, 5);

        assertThat(judge.verdict(canary, live)).isEmpty();
    }

    @Test
    void takesOutWhatFailsMoreOftenThanItMay() {
        answer(live, 1000, 5);
        answer(canary, 97, 5);
        fail(canary, 3, ForecastException.internal("broken", new IllegalStateException()));

        assertThat(judge.verdict(canary, live))
                .hasValue("0.0300 of its answers failed, 0.00 of the live version's;"
                        + " store.canary.max-error-rate is 0.0200");
    }

    @Test
    void excusesNothingByALongGoodTime() {
        AtomicLong now = new AtomicLong();
        VersionHealth old = new VersionHealth(now::get);
        answer(old, 1_000_000, 5);
        now.addAndGet(TimeUnit.MINUTES.toNanos(3));
        answer(old, 90, 5);
        fail(old, 10, new IllegalStateException());

        assertThat(judge.verdict(old, live))
                .hasValueSatisfying(why -> assertThat(why).startsWith("0.100 of its answers failed"));
    }

    @Test
    void blamesNoCanaryForWhatFailsEverywhereOrIsTheCallersFault() {
        answer(live, 50, 5);
        fail(live, 50, new IllegalStateException());
        answer(canary, 50, 5);
        fail(canary, 50, new IllegalStateException());
        fail(canary, 500, ForecastException.of(Failure.OVERLOADED, "full"));
        fail(canary, 500, ForecastException.of(Failure.UNKNOWN_TREND, "unknown"));

        assertThat(judge.verdict(canary, live)).isEmpty();
    }

    @Test
    void takesOutWhatIsSlowerThanItMay() {
        answer(live, 1000, 15);
        answer(canary, 100, 31);

        assertThat(judge.verdict(canary, live))
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("its p99 was 31")
                        .endsWith("store.canary.max-latency-ratio is 2.00"));
    }

    @Test
    void caresForNoDifferenceThatNobodyNotices() {
        answer(live, 1000, 1);
        answer(canary, 100, 19);

        assertThat(judge.verdict(canary, live)).isEmpty();
    }

    @Test
    void countsNothingThatWasRemembered() {
        for (int i = 0; i < 1000; i++) {
            canary.record(REMEMBERED, null, TimeUnit.SECONDS.toNanos(9));
        }

        assertThat(canary.computed()).isZero();
        assertThat(canary.lastMinute().getTotalCount()).isZero();
    }

    private static void answer(VersionHealth health, int count, long millis) {
        for (int i = 0; i < count; i++) {
            health.record(COMPUTED, null, TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private static void fail(VersionHealth health, int count, Throwable failure) {
        for (int i = 0; i < count; i++) {
            health.record(null, failure, 1);
        }
    }
}
