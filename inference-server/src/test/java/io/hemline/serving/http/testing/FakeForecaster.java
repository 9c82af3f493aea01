package io.hemline.serving.http.testing;

import io.hemline.serving.cache.CachedResponder;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Responder;
import io.hemline.serving.core.Series;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers with made-up forecasts: each known trend has two years of a volume that is its hashtag's length, and rises by
 * half. The hashtag {@code unknown} and the market {@code atlantis} do not exist.
 *
 * <p>Thread-safe: fields are volatile.
 */
public final class FakeForecaster implements Forecaster {

    public static final ModelIdentity MODEL = new ModelIdentity("trend", "7", "d".repeat(64));
    public static final LocalDate LAST_WEEK = LocalDate.of(2026, 11, 16);

    private volatile @Nullable Function<Request, Future<Answer>> instead;
    private volatile @Nullable Request last;
    public final FakeVersion version = new FakeVersion();

    private volatile int cacheHits;
    private volatile boolean stale;
    private volatile Duration life = Duration.ZERO;
    private volatile Duration age = Duration.ZERO;

    /** Answers in another way from now on. */
    public void answerInstead(Function<Request, Future<Answer>> other) {
        instead = other;
    }

    /** Says that so many forecasts come from the cache. */
    public void hit(int forecasts) {
        cacheHits = forecasts;
    }

    /** Sets the age of answers and the age until which they may be cached. */
    public void last(Duration made, Duration until) {
        age = made;
        life = until;
    }

    /** The response cache of the version before this forecaster. */
    public Responder responder() {
        Responder cached = new CachedResponder(version, this);
        return query -> cached.respond(query).onSuccess(response -> {
            if (response.cached()) {
                version.answeredFromCache(System.nanoTime() - query.startNanos());
            }
        });
    }

    private Freshness freshness(int hits) {
        long made = System.nanoTime() - age.toNanos();
        return new Freshness(hits, 0, made, made + life.toNanos());
    }

    /** Says that features are stale. */
    public void growStale() {
        stale = true;
    }

    /** The last request. */
    public Request last() {
        Request request = last;
        if (request == null) {
            throw new AssertionError("nothing was asked");
        }
        return request;
    }

    @Override
    public Future<Answer> forecast(Request request) {
        last = request;
        Function<Request, Future<Answer>> other = instead;
        return other != null ? other.apply(request) : answer(request);
    }

    /** The made-up answer. */
    public Future<Answer> answer(Request request) {
        List<ForecastException.Fault> unknown = new ArrayList<>();
        List<Forecast> forecasts = new ArrayList<>();
        for (int i = 0; i < request.questions().size(); i++) {
            Question question = request.questions().get(i);
            if (question instanceof TrendQuestion trend && "atlantis".equals(trend.market())) {
                return Future.failedFuture(ForecastException.of(
                        Failure.INVALID,
                        "Unknown market",
                        List.of(new ForecastException.Fault(i, "/market", "one of us, vn, not \"atlantis\""))));
            }
            if (question instanceof TrendQuestion trend && trend.hashtag().equals("unknown")) {
                unknown.add(new ForecastException.Fault(i, "/hashtag", "no market knows it"));
            } else {
                forecasts.add(forecast(question));
            }
        }
        if (!unknown.isEmpty()) {
            return Future.failedFuture(ForecastException.of(Failure.UNKNOWN_TREND, "No such trend: unknown", unknown));
        }
        return Future.succeededFuture(new Answer(forecasts, MODEL, freshness(cacheHits)));
    }

    private Forecast forecast(Question question) {
        if (question instanceof SeriesQuestion own) {
            List<String> warnings = "mars".equals(own.attributes().market())
                    ? List.of("market mars is not in the vocabulary and counts as missing")
                    : List.of();
            return forecast(new Features(
                    null,
                    null,
                    own.series(),
                    own.attributes(),
                    new float[64],
                    own.series().lastWeek().toString(),
                    false,
                    warnings));
        }
        TrendQuestion trend = (TrendQuestion) question;
        double[] volume = new double[104];
        Arrays.fill(volume, trend.hashtag().length());
        volume[0] = Double.NaN;
        String market = trend.market();
        return forecast(new Features(
                trend.hashtag(),
                market == null ? "vn" : market,
                Series.of(LAST_WEEK, volume),
                Attributes.UNKNOWN,
                new float[64],
                "2026-11-23T00:00:00Z",
                stale,
                List.of()));
    }

    private static Forecast forecast(Features features) {
        double recent = features.series().recentMean(Forecast.HORIZON);
        float level = (float) (Double.isNaN(recent) ? 1 : 1.5 * recent);
        float[][] quantiles = new float[Forecast.HORIZON][];
        for (int week = 0; week < quantiles.length; week++) {
            quantiles[week] = new float[] {level / 2, level, level * 2};
        }
        float[] weeks = new float[208];
        for (int week = 0; week < 10; week++) {
            weeks[207 - week] = (10 - week) / 55f;
        }
        Drivers drivers = new Drivers(List.of("season", "volume"), new float[] {0.25f, 0.75f}, weeks);
        return new Forecast(features, quantiles, TrendClass.RISING, drivers);
    }
}
