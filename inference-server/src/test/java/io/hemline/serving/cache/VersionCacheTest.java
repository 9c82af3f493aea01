package io.hemline.serving.cache;

import static io.hemline.serving.testing.Forecasts.MODEL;
import static io.hemline.serving.testing.Forecasts.forecastOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.cache.VersionCaches.CacheConfig;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.testing.Forecasts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VersionCacheTest {

    private static final long MEMORY = 4 << 20;

    private final AtomicLong now = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Question> computed = new ArrayList<>();
    private final List<Promise<Answer>> waiting = new ArrayList<>();
    private final VersionCaches caches =
            new VersionCaches(new CacheConfig(Duration.ofMinutes(5), MEMORY, 10), now::get, meters);
    private final VersionCache cache = caches.open(MODEL);
    private final CachedForecaster forecaster = new CachedForecaster(cache, this::compute);

    private boolean holdsBack;
    private boolean stale;

    private Future<Answer> compute(Request request) {
        computed.addAll(request.questions());
        if (holdsBack) {
            Promise<Answer> answer = Promise.promise();
            waiting.add(answer);
            return answer.future();
        }
        return Future.succeededFuture(answer(request));
    }

    private Answer answer(Request request) {
        return Answer.made(request.questions().stream().map(this::forecast).toList(), MODEL);
    }

    private Forecast forecast(Question question) {
        String name = question instanceof TrendQuestion trend ? trend.hashtag() : "own";
        return stale ? Forecasts.staleForecastOf(name) : forecastOf(name);
    }

    @Test
    void forgetsExactlyTheTrendsWhoseFeaturesChanged() {
        TrendQuestion changed = new TrendQuestion("a", "vn");
        TrendQuestion changedAnywhere = new TrendQuestion("a", null);
        TrendQuestion elsewhere = new TrendQuestion("a", "us");
        TrendQuestion other = new TrendQuestion("b", "vn");
        ask(changed, changedAnywhere, elsewhere, other);
        keep("changed", changed, other);
        keep("anywhere", changedAnywhere);
        keep("elsewhere", elsewhere);
        keep("other", other);
        computed.clear();

        caches.evict("vn", Set.of("a", "z"));
        ask(changed, changedAnywhere, elsewhere, other);

        assertThat(computed).containsExactly(changed, changedAnywhere);
        assertThat(Stream.of("changed", "anywhere", "elsewhere", "other").filter(name -> cache.lookup(name) != null))
                .containsExactly("elsewhere", "other");
    }

    @Test
    void remembersNothingThatWasBeingMadeWhenFeaturesChanged() {
        TrendQuestion trend = new TrendQuestion("a", "vn");
        holdsBack = true;
        Future<Answer> early = ask(trend);
        long generation = cache.generation();

        caches.evict("vn", Set.of("a"));
        Future<Answer> late = ask(trend);
        waiting.get(0).complete(answer(new Request(List.of(trend), 0)));

        assertThat(early.isComplete()).isTrue();
        assertThat(late.isComplete()).isFalse();
        waiting.get(1).complete(answer(new Request(List.of(trend), 0)));
        assertThat(ask(trend).result().isHit()).isTrue();
        assertThat(computed).hasSize(2);

        cache.put("early", new Kept(List.of(trend), lasting()), generation);
        assertThat(cache.lookup("early")).isNull();
    }

    @Test
    void givesNoAnswerThatIsOlderThanItsOldestForecast() {
        TrendQuestion old = new TrendQuestion("a", "vn");
        ask(old);
        now.addAndGet(Duration.ofMinutes(4).toNanos());

        Answer mixed = ask(old, new TrendQuestion("b", "vn")).result();
        cache.put("mixed", new Kept(List.of(old), mixed.freshness()), cache.generation());
        boolean before = cache.lookup("mixed") != null;
        now.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(mixed.freshness())
                .isEqualTo(new Freshness(1, 0, 0, Duration.ofMinutes(5).toNanos()));
        assertThat(before).isTrue();
        assertThat(cache.lookup("mixed")).isNull();
    }

    @Test
    void forgetsSoonWhatRestsOnStaleFeatures() {
        stale = true;
        TrendQuestion trend = new TrendQuestion("a", "vn");
        ask(trend);
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        boolean hit = ask(trend).result().isHit();
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        ask(trend);

        assertThat(hit).isTrue();
        assertThat(computed).hasSize(2);
    }

    @Test
    void keepsSingleForecastsWhoeverAsksInEndlessSpellings() {
        TrendQuestion trend = new TrendQuestion("a", "vn");
        ask(trend);
        for (int i = 0; i < 20_000; i++) {
            keep("spelling " + i, trend);
        }

        Answer answer = ask(trend).result();

        assertThat(answer.isHit()).isTrue();
        assertThat(cache.size().bytes()).isLessThanOrEqualTo(MEMORY);
        assertThat(cache.size().answers()).isLessThan(20_000);
        assertThat(cache.size().forecasts()).isEqualTo(1);
    }

    @Test
    void keepsNoNameThatIsVeryLong() {
        keep("x".repeat(5000), new TrendQuestion("a", "vn"));

        assertThat(cache.size().answers()).isZero();
    }

    @Test
    void answersInAdvanceWhatWasAskedMostAndNoSeries() {
        SeriesQuestion own =
                new SeriesQuestion(Forecasts.forecastOf("x").features().series(), Attributes.UNKNOWN, null);
        TrendQuestion a = new TrendQuestion("a", "vn");
        TrendQuestion b = new TrendQuestion("b", null);
        ask(a, b, own);
        keep("whole", a, b);
        keep("own", own);
        VersionCache next = caches.open(new ModelIdentity("trend", "8", "cd".repeat(32)));
        computed.clear();

        int answered = prefill(next)
                .run(cache, System.nanoTime() + Duration.ofSeconds(20).toNanos());

        assertThat(answered).isEqualTo(2);
        assertThat(computed).containsExactlyInAnyOrder(a, b);
        assertThat(next.lookup("whole")).isNotNull();
        assertThat(next.lookup("own")).isNull();
        assertThat(meters.get("forecast.cache.prefilled").counter().count()).isEqualTo(2);
        assertThat(next.size().hits()).isEqualTo(2);
    }

    @Test
    void stopsAnsweringInAdvanceWhenItsTimeIsOver() {
        for (int i = 0; i < 10; i++) {
            ask(new TrendQuestion("t" + i, "vn"));
        }
        VersionCache next = caches.open(MODEL);
        holdsBack = true;

        int answered = prefill(next).run(cache, System.nanoTime());

        assertThat(answered).isZero();
        assertThat(waiting).hasSize(1);
    }

    @Test
    void isEmptyInTheEnd() {
        ask(new TrendQuestion("a", "vn"));
        keep("a", new TrendQuestion("a", "vn"));

        cache.close();

        assertThat(cache.size().forecasts() + cache.size().answers()).isZero();
        assertThat(cache.size().bytes()).isZero();
    }

    private Prefill prefill(VersionCache next) {
        return caches.prefill(new CachedForecaster(next, this::compute), next);
    }

    private Future<Answer> ask(Question... questions) {
        return forecaster.forecast(new Request(List.of(questions), Long.MAX_VALUE));
    }

    private void keep(String name, Question... questions) {
        cache.put(name, new Kept(List.of(questions), lasting()), cache.generation());
    }

    private Freshness lasting() {
        return new Freshness(0, 0, now.get(), now.get() + Duration.ofMinutes(5).toNanos());
    }

    private record Kept(List<Question> questions, Freshness freshness) implements CachedResponse {

        @Override
        public int bytes() {
            return 1000;
        }

        @Override
        public CachedResponse rewrite(Answer other) {
            return this;
        }
    }
}
