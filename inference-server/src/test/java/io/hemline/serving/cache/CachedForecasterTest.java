package io.hemline.serving.cache;

import static io.hemline.serving.testing.Forecasts.MODEL;
import static io.hemline.serving.testing.Forecasts.forecastOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.cache.VersionCache.CacheMetrics;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.ForecastException.Fault;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CachedForecasterTest {

    private final AtomicLong now = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Asked> asked = new ArrayList<>();
    private final ForecastCache cache = new ForecastCache(MODEL, Duration.ofMinutes(5), 1 << 20, now::get);
    private final CachedForecaster cached = new CachedForecaster(cache, new CacheMetrics(meters), MODEL, this::next);

    private boolean breaks;
    private Runnable whileAsked = () -> {};

    private Future<Answer> next(Request request) {
        if (breaks) {
            throw new IllegalStateException("a step is broken");
        }
        Asked call = new Asked(request, Promise.promise());
        asked.add(call);
        whileAsked.run();
        return call.promise.future();
    }

    @Test
    void asksOnceForAQuestionThatIsAskedTwice() {
        Future<Answer> first = ask("a");
        last().answer();

        Future<Answer> second = ask("a");

        assertThat(asked).hasSize(1);
        assertThat(first.result().freshness().hits()).isZero();
        assertThat(second.result().freshness().hits()).isEqualTo(1);
        assertThat(second.result().forecasts()).isEqualTo(first.result().forecasts());
        assertThat(second.result().model()).isEqualTo(MODEL);
    }

    @Test
    void asksForAllThatIsMissingAsOneSmallerRequest() {
        ask("b");
        last().answer();

        Future<Answer> answer = ask("a", "b", "c", "a");

        assertThat(last().hashtags()).containsExactly("a", "c");
        last().answer();
        assertThat(hashtags(answer)).containsExactly("a", "b", "c", "a");
        assertThat(answer.result().freshness().hits()).isEqualTo(1);
        assertThat(count("hit")).isEqualTo(1);
        assertThat(count("miss")).isEqualTo(4);
    }

    @Test
    void joinsAQuestionThatIsBeingAnswered() {
        Future<Answer> first = ask("a", "b");
        Future<Answer> second = ask("b", "c");

        assertThat(last().hashtags()).containsExactly("c");
        asked.get(1).answer();
        assertThat(second.isComplete()).isFalse();
        asked.get(0).answer();

        assertThat(hashtags(first)).containsExactly("a", "b");
        assertThat(hashtags(second)).containsExactly("b", "c");
        assertThat(count("joined")).isEqualTo(1);
    }

    @Test
    void waitsForAnAnswerThatAnotherThreadIsHandingOut() throws InterruptedException {
        ask("a");
        CountDownLatch handing = new CountDownLatch(1);
        CountDownLatch handed = new CountDownLatch(1);
        ask("a").onComplete(answer -> {
            handing.countDown();
            await(handed);
        });
        Thread other = new Thread(asked.get(0)::answer, "other");
        whileAsked = () -> {
            other.start();
            await(handing);
        };

        Future<Answer> answer = ask("a", "b");
        last().answer();
        handed.countDown();
        other.join();

        assertThat(hashtags(answer)).containsExactly("a", "b");
    }

    @Test
    void forgetsAfterTheTimeToLive() {
        ask("a");
        last().answer();

        now.addAndGet(Duration.ofMinutes(5).toNanos());
        ask("a");

        assertThat(asked).hasSize(2);
    }

    @Test
    void remembersNoFailure() {
        Future<Answer> failed = ask("a");
        last().fail(Failure.OVERLOADED);

        ask("a");

        assertThat(failed.failed()).isTrue();
        assertThat(asked).hasSize(2);
    }

    @Test
    void namesFaultsByTheirPlaceInTheWholeRequest() {
        ask("known");
        last().answer();

        Future<Answer> answer = ask("known", "gone", "here", "gone");
        last().fail(Failure.UNKNOWN_TREND, new Fault(0, "/hashtag", "no trend gone"));

        ForecastException failure = (ForecastException) answer.cause();
        assertThat(failure.faults())
                .containsExactly(new Fault(1, "/hashtag", "no trend gone"), new Fault(3, "/hashtag", "no trend gone"));
    }

    @Test
    void doesNotLetOneRequestSufferForTheFaultOfAnother() {
        Future<Answer> wrong = ask("a", "gone");
        Future<Answer> right = ask("a");

        last().fail(Failure.UNKNOWN_TREND, new Fault(1, "/hashtag", "no trend gone"));
        assertThat(last().hashtags()).containsExactly("a");
        last().answer();

        assertThat(wrong.failed()).isTrue();
        assertThat(hashtags(right)).containsExactly("a");
    }

    @Test
    void leavesNoFlightInTheAirWhenAStepThrows() {
        breaks = true;
        Future<Answer> broken = ask("a");
        breaks = false;

        Future<Answer> again = ask("a");
        last().answer();

        assertThat(broken.cause())
                .isInstanceOfSatisfying(
                        ForecastException.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Failure.INTERNAL));
        assertThat(hashtags(again)).containsExactly("a");
    }

    @Test
    void passesOnToAllWhoWaitWhatWouldOnlyHappenAgain() {
        Future<Answer> first = ask("a");
        Future<Answer> second = ask("a");

        last().fail(Failure.OVERLOADED);

        assertThat(asked).hasSize(1);
        assertThat(Stream.of(first, second).map(answer -> ((ForecastException) answer.cause()).failure()))
                .containsOnly(Failure.OVERLOADED);
    }

    @Test
    void keepsWithinItsMemory() {
        for (int i = 0; i < 2000; i++) {
            ask("trend" + i);
            last().answer();
        }
        asked.clear();

        for (int i = 0; i < 2000; i++) {
            ask("trend" + i);
        }

        assertThat(asked.size()).isBetween(1000, 1900);
    }

    @Test
    void printsTheStepsBelow() {
        assertThat(new CachedForecaster(cache, new CacheMetrics(meters), MODEL, new Named()))
                .hasToString("forecast cache (300 s) ▶ named");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Future<Answer> ask(String... hashtags) {
        List<Question> questions = Stream.of(hashtags)
                .<Question>map(hashtag -> new TrendQuestion(hashtag, "vn"))
                .toList();
        return cached.forecast(new Request(questions, Long.MAX_VALUE));
    }

    private Asked last() {
        return asked.get(asked.size() - 1);
    }

    private double count(String result) {
        return meters.get("forecast.cache.requests")
                .tag("result", result)
                .counter()
                .count();
    }

    private static List<String> hashtags(Future<Answer> answer) {
        return answer.result().forecasts().stream()
                .map(CachedForecasterTest::hashtag)
                .toList();
    }

    private static String hashtag(Forecast forecast) {
        return Optional.ofNullable(forecast.features().hashtag()).orElseThrow();
    }

    /** A request that reached the next step. */
    private record Asked(Request request, Promise<Answer> promise) {

        List<String> hashtags() {
            return request.questions().stream()
                    .map(question -> ((TrendQuestion) question).hashtag())
                    .toList();
        }

        void answer() {
            promise.complete(Answer.made(
                    hashtags().stream().map(hashtag -> forecastOf(hashtag)).toList(), MODEL));
        }

        void fail(Failure failure, Fault... faults) {
            promise.fail(ForecastException.of(failure, "as told", List.of(faults)));
        }
    }

    private record Named() implements io.hemline.serving.core.Forecaster {

        @Override
        public Future<Answer> forecast(Request request) {
            return Future.failedFuture("never asked");
        }

        @Override
        public String toString() {
            return "named";
        }
    }
}
