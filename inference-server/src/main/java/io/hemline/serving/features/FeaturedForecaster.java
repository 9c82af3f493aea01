package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.ForecastException.Fault;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.ImageEncoder;
import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.FeaturedQuestion;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Stages.Stage;
import io.hemline.serving.core.Vocabulary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the features of every question, and encodes images, before the next forecaster.
 *
 * <p>Immutable.
 */
public final class FeaturedForecaster implements Forecaster {

    /*
     * Invalid questions (an unknown market, an invalid image) are reported before missing data (an unknown trend); all
     * faults of a kind are reported together.
     */
    private final Forecaster next;
    private final FeatureSource source;
    private final Vocabulary vocabulary;
    private final ImageEncoder encoder;
    private final String encoderDigest;

    public FeaturedForecaster(
            FeatureSource source, Vocabulary vocabulary, ImageEncoder encoder, String encoderDigest, Forecaster next) {
        this.next = requireNonNull(next, "next");
        this.source = requireNonNull(source, "source");
        this.vocabulary = requireNonNull(vocabulary, "vocabulary");
        this.encoder = requireNonNull(encoder, "encoder");
        this.encoderDigest = requireNonNull(encoderDigest, "encoderDigest");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        long start = System.nanoTime();
        List<Question> questions = request.questions();
        // In this order: a read in between can only add known markets.
        boolean read = source.isRead();
        List<Fault> unknown = unknownMarkets(questions);
        List<Fault> invalid = read ? new ArrayList<>(unknown) : new ArrayList<>();
        return embeddings(request, invalid)
                .compose(embeddings -> {
                    if (!invalid.isEmpty()) {
                        return Future.failedFuture(ForecastException.of(
                                Failure.INVALID, "the request cannot be answered as asked", invalid));
                    }
                    if (!read && !unknown.isEmpty()) {
                        return Future.failedFuture(ForecastException.of(
                                Failure.FEATURES_UNAVAILABLE,
                                "the feature store has not been read yet, so its markets are not known"));
                    }
                    return featured(questions, embeddings);
                })
                .compose(featured -> {
                    request.stages().passed(Stage.FEATURES, start, System.nanoTime());
                    return next.forecast(request.asking(featured));
                });
    }

    private List<Fault> unknownMarkets(List<Question> questions) {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            if (questions.get(i) instanceof TrendQuestion trend && trend.market() != null && !known(trend.market())) {
                faults.add(new Fault(i, "/market", "must be one of " + markets() + ", is \"" + trend.market() + "\""));
            }
        }
        return faults;
    }

    private boolean known(String market) {
        return vocabulary.markets().contains(market) || source.markets().contains(market);
    }

    private String markets() {
        return String.join(
                ", ",
                Stream.concat(vocabulary.markets().stream(), source.markets().stream())
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** The embeddings of the images by the question's index; adds the faults of invalid images. */
    private Future<Map<Integer, float[]>> embeddings(Request request, List<Fault> invalid) {
        List<Question> questions = request.questions();
        Map<Integer, float[]> embeddings = new HashMap<>();
        List<Future<?>> encoding = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            if (questions.get(i) instanceof SeriesQuestion series && series.image() != null) {
                encoding.add(encode(series.image(), i, request, embeddings, invalid));
            }
        }
        return Future.join(encoding).map(all -> {
            invalid.sort(Comparator.comparingInt(Fault::question));
            return embeddings;
        });
    }

    private Future<?> encode(
            Image image, int index, Request request, Map<Integer, float[]> embeddings, List<Fault> invalid) {
        return encoder.encode(image, request.deadlineNanos()).transform((embedding, failure) -> {
            if (failure instanceof InvalidImage invalidImage) {
                invalid.add(new Fault(index, "/image", requireNonNull(invalidImage.getMessage())));
                return Future.succeededFuture();
            }
            if (failure != null) {
                return Future.failedFuture(failure);
            }
            embeddings.put(index, embedding);
            return Future.succeededFuture();
        });
    }

    private Future<List<Question>> featured(List<Question> questions, Map<Integer, float[]> embeddings) {
        List<TrendQuestion> trends = questions.stream()
                .filter(TrendQuestion.class::isInstance)
                .map(TrendQuestion.class::cast)
                .toList();
        if (trends.isEmpty()) {
            return Future.succeededFuture(withFeatures(questions, embeddings, List.of()));
        }
        return source.find(trends).map(found -> withFeatures(questions, embeddings, found));
    }

    private List<Question> withFeatures(
            List<Question> questions, Map<Integer, float[]> embeddings, List<Optional<KnownTrend>> found) {
        List<Question> featured = new ArrayList<>(questions.size());
        List<Fault> unknown = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            if (question instanceof SeriesQuestion series) {
                featured.add(new FeaturedQuestion(series, features(series, embeddings.get(i))));
            } else if (question instanceof TrendQuestion trend) {
                Optional<KnownTrend> known = found.get(next++);
                if (known.isEmpty()) {
                    unknown.add(new Fault(i, "/hashtag", "no trend \"" + trend.hashtag() + "\"" + in(trend.market())));
                } else {
                    featured.add(new FeaturedQuestion(trend, features(known.get())));
                }
            } else {
                featured.add(question);
            }
        }
        if (!unknown.isEmpty()) {
            throw ForecastException.of(Failure.UNKNOWN_TREND, "the feature store does not know every trend", unknown);
        }
        return featured;
    }

    private static String in(@Nullable String market) {
        return market == null ? " is known in any market" : " is known in market \"" + market + "\"";
    }

    private Features features(SeriesQuestion question, float @Nullable [] embedding) {
        List<String> warnings = new ArrayList<>();
        Attributes known = vocabulary.known(question.attributes(), warnings);
        return new Features(
                null,
                null,
                question.series(),
                known,
                embedding,
                question.series().lastWeek().toString(),
                false,
                warnings);
    }

    private Features features(KnownTrend trend) {
        boolean sameEncoder = encoderDigest.equals(trend.encoderDigest());
        return new Features(
                trend.hashtag(),
                trend.market(),
                trend.series(),
                trend.attributes(),
                sameEncoder ? trend.embedding() : null,
                trend.asOf(),
                trend.stale(),
                List.of());
    }

    @Override
    public String toString() {
        return "features (" + source + ") ▶ " + next;
    }
}
